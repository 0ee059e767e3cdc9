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

# Uden navn: andre kan se teksten.
unsent-near-cutoff = Noget er ikke nået frem til skolen endnu. Skolen vil gerne have besked inden kl. { $cutoff }. Har du ikke netforbindelse, så ring på { $phone }.
unsent-past-cutoff = Noget er ikke nået frem til skolen, og klokken er over { $cutoff }. Ring på { $phone }, så ved de besked.
note-warning = Til det praktiske, for eksempel hvornår barnet kommer igen. Skriv ikke om sygdom eller helbred her – ring hellere.
