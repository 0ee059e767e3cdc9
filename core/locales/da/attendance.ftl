# Fravær og fremmøde.
absence-sick = Syg
absence-appointment = Aftale
absence-other = Andet fravær

presence-present = Til stede
presence-late = Kom for sent, { $time }
presence-unexplained = Ikke mødt, og ingen har sagt hvorfor
presence-left-early = Gik tidligere, { $time }
presence-sent-home = Sendt syg hjem, { $time }

validity-unjudged = Ikke vurderet
validity-valid = Lovligt
validity-invalid = Ulovligt

# Hvor langt en besked er nået.
delivery-here = Kun på denne telefon
delivery-at-school = Hos skolen
delivery-seen = Set af { $name } { $time }
delivery-of-report = Beskeden: { $reached }

# Uden navn: andre kan se teksten.
unsent-near-cutoff = Noget er ikke nået frem til skolen endnu. Skolen vil gerne have besked senest kl. { $cutoff }. Har du ikke netforbindelse, så ring til { $phone }.
unsent-past-cutoff = Noget er ikke nået frem til skolen, og klokken er over { $cutoff }. Ring til { $phone }, så skolen ved besked.
note-warning = Til det praktiske, for eksempel hvornår barnet kommer igen. Skriv ikke om sygdom eller helbred her – ring hellere.

absence-extent = { $kind }, { $extent }
status-not-in-session = Ingen skole
status-nothing-noted = Intet noteret
status-expected = Forventes i skole
status-present-since = Til stede siden kl. { $time }
status-back = Rask igen, forventes i skole
status-back-at = Forventes tilbage kl. { $time }
status-on-leave = Har fri
status-explained = Ikke mødt, forklaringen venter på svar
status-accepted = Ikke mødt, forklaringen er godkendt
status-refused = Ikke mødt, forklaringen blev ikke godkendt

# Hvem der sagde hvad, og hvornår.
report-line = { $what }. Meldt af { $who } { $filed }.
report-line-waited = { $what }. Meldt af { $who } { $filed }, fremme hos skolen { $received }.
report-for = { $who } for { $teller }
report-late = Meldt efter kl. { $cutoff }
report-over = { $line } Gælder ikke længere.
ended-withdrawn = Trukket tilbage af { $who } { $time }
ended-back-at = Tilbage { $back }. Raskmeldt af { $who } { $time }.
ended-well = Raskmeldt af { $who } { $time }.
mark-line = { $what }. Noteret af { $who } { $time }.
mark-in-lesson = { $what }, { $lesson }
explanation-line = Forklaring: { $what }. Skrevet af { $who } { $time }.
judgement-accepted = Godkendt af { $who } { $time }.
judgement-refused = Ikke godkendt af { $who } { $time }.
check-home = Skolen har registreret, at { $child } er til stede, men der er meldt fravær. Kontakt gerne skolen.
check-own = Skolen har registreret, at du er til stede, men der er meldt fravær. Kontakt gerne skolen.
check-staff = { $child } er registreret som til stede, men er også meldt fraværende. Undersøg, hvor eleven er.
cause-unexplained = Uforklaret
