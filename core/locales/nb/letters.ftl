# Brevet med aktiveringskoden. Ett ark per person; leses på papir.
letter-title = Din kode til Skolebro
letter-greeting = Hei, { $name }!
letter-why-home = { $school } bruker Skolebro. Der melder du fravær og ser hva skolen vet om det, også når telefonen er uten dekning.
letter-why-staff = { $school } bruker Skolebro. Der fører du fravær og ser hva hjemmene har meldt.
letter-steps = Slik gjør du
letter-step-install = Installer appen Skolebro på telefonen din.
letter-step-scan = Åpne appen og rett kameraet mot ruten nedenfor, eller skriv inn koden.
letter-step-done = Ferdig. Telefonen er nøkkelen din, så lås den med kode.
letter-code = Din kode
letter-server = Skolens adresse
letter-valid = Koden gjelder til og med { $date } og kan brukes én gang.
letter-keep = Koden er personlig. Ikke gi den til andre.
letter-keep-home = Koden er bare din. Andre voksne får sin egen av skolen hvis de skal ha en.
letter-lost = Har koden kommet bort, gått ut eller allerede blitt brukt? Ring skolen på { $phone }, så får du en ny.
letter-lost-no-phone = Har koden kommet bort, gått ut eller allerede blitt brukt? Ta kontakt med skolen, så får du en ny.
letter-without = Vil eller kan du ikke bruke en app? Ring skolen som før. Du får den samme hjelpen.
letter-sender = Hilsen { $school }

# Utdelingslisten, til skolens kontor. Det står ingen koder på den.
list-title = Utdelingsliste, { $group }
list-made = Opprettet { $date }. Kodene gjelder til og med { $until }.
list-keep = Listen og brevene inneholder personopplysninger. Slett filene når brevene er skrevet ut.
list-person = Til
list-pupils = Barn
list-note = Vær oppmerksom på
list-protected = Adressesperre: leveres personlig.
list-left-title = Fikk ingen kode
list-left-pending = Venter på at skolen bekrefter relasjonen.
list-left-blocked = Sperret for barnet.
list-left-nothing = Har ingen gjeldende relasjon eller delegering som gir tilgang.
list-left-no-name = Står uten navn i skolens opplysninger.
list-left-has-code = Har allerede et brev fra { $date } med en kode som gjelder.
