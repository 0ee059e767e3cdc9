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

# Utan namn: texten kan synas för andra.
unsent-near-cutoff = Något har inte kommit fram till skolan än. Skolan vill veta före { $cutoff }. Har du inget nät, ring { $phone }.
unsent-past-cutoff = Något har inte kommit fram till skolan, och klockan är över { $cutoff }. Ring { $phone }, så vet de.
note-warning = För det praktiska, till exempel när barnet kommer tillbaka. Skriv inget om sjukdom eller hälsa här – ring hellre.
