# Brevet med aktiveringskoden. Ét ark pr. person; læses på papir.
letter-title = Din kode til Skolebro
letter-greeting = Hej { $name }!
letter-why-home = { $school } bruger Skolebro. Her melder du fravær og ser, hvad skolen ved om det, også når telefonen ikke har dækning.
letter-why-staff = { $school } bruger Skolebro. Her registrerer du fremmøde og ser, hvad hjemmene har meldt.
letter-steps = Sådan gør du
letter-step-install = Installér appen Skolebro på din telefon.
letter-step-scan = Åbn appen, og ret kameraet mod firkanten herunder, eller indtast koden.
letter-step-done = Så er du klar. Telefonen er din nøgle, så lås den med en kode.
letter-code = Din kode
letter-server = Skolens adresse
letter-valid = Koden gælder til og med { $date } og kan bruges én gang.
letter-keep = Koden er personlig. Giv den ikke til andre.
letter-keep-home = Koden er kun din. Andre voksne får deres egen af skolen, hvis de skal have en.
letter-lost = Er koden blevet væk, udløbet eller allerede brugt? Ring til skolen på { $phone }, så får du en ny.
letter-lost-no-phone = Er koden blevet væk, udløbet eller allerede brugt? Kontakt skolen, så får du en ny.
letter-without = Vil eller kan du ikke bruge en app? Ring til skolen som hidtil. Du får den samme hjælp.
letter-sender = Venlig hilsen { $school }

# Udleveringslisten, til skolens kontor. Der står ingen koder på den.
list-title = Udleveringsliste, { $group }
list-made = Oprettet { $date }. Koderne gælder til og med { $until }.
list-keep = Listen og brevene indeholder personoplysninger. Slet filerne, når brevene er udskrevet.
list-person = Til
list-pupils = Børn
list-note = Vær opmærksom på
list-protected = Navne- og adressebeskyttelse: udleveres personligt.
list-left-title = Fik ingen kode
list-left-pending = Venter på, at skolen bekræfter relationen.
list-left-blocked = Spærret for barnet.
list-left-nothing = Har ingen aktuel relation eller delegering, der giver adgang.
list-left-no-name = Står uden navn i skolens oplysninger.
list-left-has-code = Har allerede et brev fra { $date } med en kode, der gælder.
