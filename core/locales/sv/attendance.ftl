# Frånvaro och närvaro.
absence-sick = Sjuk
absence-appointment = Bokad tid
absence-other = Annan frånvaro

presence-present = På plats
presence-late = Kom sent, { $time }
presence-unexplained = Borta, och ingen har sagt varför
presence-left-early = Gick tidigare, { $time }
presence-sent-home = Skickades hem sjuk, { $time }

validity-unjudged = Inte bedömd
validity-valid = Giltig
validity-invalid = Ogiltig

# Hur långt en anmälan har kommit.
delivery-here = Bara på den här telefonen
delivery-at-school = Hos skolan
delivery-seen = Sedd av { $name } { $time }
delivery-of-report = Anmälan: { $reached }

# Utan namn: texten kan synas för andra.
unsent-near-cutoff = Något har inte kommit fram till skolan än. Skolan vill veta det senast { $cutoff }. Har du inget nät, ring { $phone }.
unsent-past-cutoff = Något har inte kommit fram till skolan, och klockan är över { $cutoff }. Ring { $phone }, så att skolan vet.
note-warning = För det praktiska, till exempel när barnet kommer tillbaka. Skriv inget om sjukdom eller hälsa här – ring hellre.

absence-extent = { $kind }, { $extent }
status-not-in-session = Ingen skola
status-nothing-noted = Inget noterat
status-expected = Väntas i skolan
status-present-since = På plats sedan { $time }
status-back = Frisk igen, väntas i skolan
status-back-at = Väntas tillbaka { $time }
status-on-leave = Ledig
status-explained = Borta, förklaringen väntar på svar
status-accepted = Borta, förklaringen är godtagen
status-refused = Borta, förklaringen godtogs inte

# Vem som sa vad, och när.
report-line = { $what }. Anmäld av { $who } { $filed }.
report-line-waited = { $what }. Anmäld av { $who } { $filed }, framme hos skolan { $received }.
report-for = { $who } för { $teller }
report-late = Anmäld efter { $cutoff }
report-over = { $line } Gäller inte längre.
ended-withdrawn = Tillbakatagen av { $who } { $time }
ended-back-at = Tillbaka { $back }. Friskanmäld av { $who } { $time }.
ended-well = Friskanmäld av { $who } { $time }.
mark-line = { $what }. Noterat av { $who } { $time }.
mark-in-lesson = { $what }, { $lesson }
explanation-line = Förklaring: { $what }. Skriven av { $who } { $time }.
judgement-accepted = Godtagen av { $who } { $time }.
judgement-refused = Inte godtagen av { $who } { $time }.
check-home = Skolan har markerat att { $child } är på plats, men frånvaro är anmäld. Hör gärna av dig till skolan.
check-own = Skolan har markerat att du är på plats, men frånvaro är anmäld. Hör gärna av dig till skolan.
check-staff = { $child } är markerad som på plats, men är också anmäld som frånvarande. Kontrollera var eleven är.
cause-unexplained = Oförklarad
