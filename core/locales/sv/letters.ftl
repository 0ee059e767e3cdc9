# Brevet med aktiveringskoden. Ett blad per person; läses på papper.
letter-title = Din kod till Skolebro
letter-greeting = Hej { $name }!
letter-why-home = { $school } använder Skolebro. Där anmäler du frånvaro och ser vad skolan vet om den, även när telefonen saknar täckning.
letter-why-staff = { $school } använder Skolebro. Där tar du närvaro och ser vad hemmen har anmält.
letter-steps = Så gör du
letter-step-install = Installera appen Skolebro på din telefon.
letter-step-scan = Öppna appen och rikta kameran mot rutan nedan, eller skriv in koden.
letter-step-done = Klart. Telefonen är din nyckel, så lås den med kod.
letter-code = Din kod
letter-server = Skolans adress
letter-valid = Koden gäller till och med { $date } och kan användas en gång.
letter-keep = Koden är personlig. Lämna den inte till någon annan.
letter-keep-home = Koden är bara din. Andra vuxna får en egen av skolan om de ska ha en.
letter-lost = Har koden kommit bort, gått ut eller redan använts? Ring skolan på { $phone } så får du en ny.
letter-lost-no-phone = Har koden kommit bort, gått ut eller redan använts? Vänd dig till skolan så får du en ny.
letter-without = Vill eller kan du inte använda en app? Ring skolan som förut. Du får samma hjälp.
letter-sender = Hälsningar, { $school }

# Utdelningslistan, för skolans kontor. Inga koder står på den.
list-title = Utdelningslista, { $group }
list-made = Skapad { $date }. Koderna gäller till och med { $until }.
list-keep = Listan och breven innehåller personuppgifter. Radera filerna när breven är utskrivna.
list-person = Till
list-pupils = Barn
list-note = Att tänka på
list-protected = Skyddade personuppgifter: lämnas personligen.
list-left-title = Fick ingen kod
list-left-pending = Väntar på att skolan bekräftar relationen.
list-left-blocked = Spärrad för barnet.
list-left-nothing = Har ingen relation eller delegering som ger åtkomst just nu.
list-left-no-name = Har inget namn i skolans uppgifter.
list-left-has-code = Har redan ett brev från { $date } med en kod som gäller.
