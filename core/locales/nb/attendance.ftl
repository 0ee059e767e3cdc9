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
delivery-of-report = Meldingen: { $reached }

# Uten navn: teksten kan bli sett av andre.
unsent-near-cutoff = Noe har ikke kommet fram til skolen ennå. Skolen vil gjerne vite det senest kl. { $cutoff }. Har du ikke nett, så ring { $phone }.
unsent-past-cutoff = Noe har ikke kommet fram til skolen, og klokka er over { $cutoff }. Ring { $phone }, så får skolen vite det.
note-warning = For det praktiske, for eksempel når barnet kommer tilbake. Ikke skriv om sykdom eller helse her – ring heller.

absence-extent = { $kind }, { $extent }
status-not-in-session = Ikke skole
status-nothing-noted = Ingenting notert
status-expected = Forventes på skolen
status-present-since = Til stede siden kl. { $time }
status-back = Frisk igjen, forventes på skolen
status-back-at = Forventes tilbake kl. { $time }
status-on-leave = Permisjon
status-explained = Ikke møtt, forklaringen venter på svar
status-accepted = Ikke møtt, forklaringen er godtatt
status-refused = Ikke møtt, forklaringen ble ikke godtatt

# Hvem som sa hva, og når.
report-line = { $what }. Meldt av { $who } { $filed }.
report-line-waited = { $what }. Meldt av { $who } { $filed }, framme hos skolen { $received }.
report-for = { $who } for { $teller }
report-late = Meldt etter kl. { $cutoff }
report-over = { $line } Gjelder ikke lenger.
ended-withdrawn = Trukket tilbake av { $who } { $time }
ended-back-at = Tilbake { $back }. Friskmeldt av { $who } { $time }.
ended-well = Friskmeldt av { $who } { $time }.
mark-line = { $what }. Notert av { $who } { $time }.
mark-in-lesson = { $what }, { $lesson }
explanation-line = Forklaring: { $what }. Skrevet av { $who } { $time }.
judgement-accepted = Godtatt av { $who } { $time }.
judgement-refused = Ikke godtatt av { $who } { $time }.
check-home = Skolen har registrert at { $child } er til stede, men det er meldt fravær. Ta gjerne kontakt med skolen.
check-own = Skolen har registrert at du er til stede, men det er meldt fravær. Ta gjerne kontakt med skolen.
check-staff = { $child } er registrert som til stede, men er også meldt fraværende. Sjekk hvor eleven er.
cause-unexplained = Uforklart
