# Fravær og oppmøte.
absence-sick = Syk
absence-appointment = Avtale
absence-other = Annet fravær

presence-present = Til stede
presence-late = Kom for sent, { $time }
presence-unexplained = Ikke møtt, og ingen har sagt hvorfor
presence-left-early = Gikk tidligere, { $time }
presence-sent-home = Sendt syk hjem, { $time }

validity-unjudged = Ikke vurdert
validity-valid = Gyldig
validity-invalid = Ugyldig

# Hvor langt en melding har kommet.
delivery-here = Bare på denne telefonen
delivery-at-school = Hos skolen
delivery-seen = Sett av { $name } { $time }

# Uten navn: teksten kan bli sett av andre.
unsent-near-cutoff = Noe har ikke kommet fram til skolen ennå. Skolen vil gjerne vite det før kl. { $cutoff }. Har du ikke nett, ring { $phone }.
unsent-past-cutoff = Noe har ikke kommet fram til skolen, og klokka er over { $cutoff }. Ring { $phone }, så vet de det.
note-warning = For det praktiske, for eksempel når barnet kommer tilbake. Ikke skriv om sykdom eller helse her – ring heller.
