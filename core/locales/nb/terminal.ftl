# Hva bare terminalen sier.
cli-which = { $what ->
    [child] Hvilket barn
    [group] Hvilken gruppe
    [adult] Hvilken av barnets voksne
    [staff] Hvem av de ansatte
    [person] Hvem
   *[pupil] Hvilken elev
}?
cli-which-fits = { $which } { $wanted } passer på { $names }
cli-which-there-is = { $which } Her er { $names }
cli-which-none = { $which } Her er det ikke noe å velge mellom.
cli-none-called = { $what ->
    [child] Ingen barn
    [group] Ingen gruppe
    [adult] Ingen av barnets voksne
    [staff] Ingen av de ansatte
    [person] Ingen
   *[pupil] Ingen elev
} heter { $wanted } her.
cli-there-is = Her er { $names }
cli-and-more = og { $count } til
cli-not-sent = Ikke sendt. Legg til --anyway for å sende likevel.
cli-offline-kept = Nettet brukes ikke; { $command } endrer det.
cli-offline = Det er ikke noe nett; { $command } endrer det.
cli-only-shown = Ingenting nytt kan hentes eller sendes, fordi telefonen ikke kan lagre. Det som vises, er det som allerede var her.
cli-nothing-yet = Ingenting er hentet fra skolen ennå, så telefonen kjenner ingen navn. Det er ikke gjort: prøv igjen når det er nett. Haster det, så ring skolen.
cli-office = Skolens kontor: { $phones }
cli-open-to-others = Andre på denne datamaskinen har tilgang til { $paths }, og det lar seg ikke hindre. Bruk en mappe som bare er din.
cli-kept-aside = Det som ikke kunne leses, ligger i { $path }. Sjekk med skolen at det du har skrevet, har kommet fram.
cli-day-is = På telefonen er det { $day }.
cli-which-phone = Hvilken telefon? Oppgi mappen: --phone MAPPE, eller SKOLEBRO_PHONE i miljøet.
cli-no-folder = { $path } er ikke en mappe. Oppgi en mappe for telefonen: --phone MAPPE
cli-which-school = På hvilken skole? Oppgi --school NAVN.
cli-no-school = Ingen skole på denne telefonen heter { $wanted }. Her er { $names }
cli-both-sides = Du kan gjøre dette både hjemmefra og som { $role }: oppgi --as home eller --as { $role }.
cli-not-signed-in = Ingen er logget inn på denne telefonen: { $command }
cli-somebody = Noen
cli-unsent-of = { $who } har skrevet dette på telefonen, og det har ikke nådd skolen:
cli-unsent-choose = Prøv igjen når det er nett. Eller legg til { $option }: da blir det liggende på telefonen og sendes når samme person logger inn her igjen.
cli-nothing-of-yesterday = { $name }: det er ikke noe fra forrige skoledag å gjenta.
cli-say-when = For en annen dag enn i dag, oppgi når: { $name }@HH:MM.
cli-no-line = Det finnes ingen linje { $number }; antallet linjer er { $count }.
cli-no-lines = Utboksen er tom: der er det ingen linjer.
cli-no-such-line = Det er ingen linje { $number }. Linjene er { $numbers }.
cli-not-refused = Skolen har ikke sagt nei til linje { $number }.
cli-on-its-way = Linje { $number } kan være på vei eller framme hos skolen: endre det med en ny kommando i stedet.
cli-which-day = Hvilken dag? Det venter forklaringer for { $days }. Oppgi --day.
cli-no-signal = { $name }: det finnes ingen slik oppfølging.
cli-which-signal = Hvilken oppfølging? Det finnes { $names }. Oppgi --signal.
cli-nobody-waits = Ingen venter på å bli bekreftet.
cli-confirm-kind = Det går ikke fram hvilken relasjon { $adult } har til { $child }. Oppgi den med --kind: { $kinds }
cli-code = Kode til neste telefon for { $name }: { $code }
cli-code-until = Gjelder til { $until } og kan brukes én gang. Gi den bare til { $name }: den vises ikke igjen. Personens andre telefoner får beskjed om den.
cli-next-phone = En telefon til? Be skolens kontor om en kode.
cli-is-barred = sperret
cli-namesake = To av de ansatte heter { $name }, og den ene er lagt inn her på skolen. Er det samme person, så avslutt rollen for den som ble lagt inn her.
cli-works-here = { $name } er allerede blant de ansatte: gi en rolle med assign. Er det en annen med samme navn, så legg til --anyway.
cli-no-such-assignment = { $count ->
    [0] { $name } har ingen rolle her å avslutte.
   *[other] { $name } har ingen slik rolle. Det som finnes: { $held }
}
cli-waits-as = venter på å bli bekreftet; står som: { $kind }
cli-other-server = Mappen hører til en telefon hos { $known }; bruk en annen mappe for { $asked }.
cli-which-server = Hvilken server? Oppgi --server URL.
cli-server-such-as = { $asked } er ikke adressen til en server. En server skrives som https://skolebro.example
cli-server-lost = Adressen til skolens server mangler i mappen eller kan ikke leses. Oppgi den på nytt: { $command }
cli-server-unreachable = Får ikke kontakt med { $address }. Sjekk adressen og nettet, og prøv igjen.
cli-server-silent = { $address } svarte ikke raskt nok. Prøv igjen om litt.
cli-server-not-ours = Det som svarer på { $address }, er ingen Skolebro-server. Sjekk adressen, og om den begynner med https:// eller http://
cli-server-open = Advarsel: med http:// sendes koden din og det du skriver, ubeskyttet over nettet. Bruk https:// unntatt på din egen maskin.
cli-signed-in = { $name } er logget inn på denne telefonen
cli-signed-in-nameless = Du er logget inn på denne telefonen
cli-synced = { $sent } sendt: { $accepted } godtatt, { $refused } avvist, { $later } sendes senere; { $received } hentet
cli-see-outbox = { $command } viser hva skolen sa nei til og hvorfor.
cli-network-off = Fra nå av brukes ikke nettet.
cli-network-on = Nettet brukes igjen.
cli-enrolled = logget inn { $time }
cli-last-seen = sist sett { $time }
cli-disconnected = frakoblet { $time }
cli-this-phone = denne telefonen

# Help, and what is mistyped.
cli-help-everywhere = For alle kommandoer
cli-help-help = Vis hjelp
cli-help-version = Vis versjon
cli-help-usage = Bruk:
cli-help-words = Ord
cli-help-options = Valg
cli-help-commands = Kommandoer
cli-help-command = KOMMANDO
cli-help-exit-codes = Sluttkoder
cli-help-option = VALG
cli-help-default = hvis ingenting oppgis
cli-help-values = mulige verdier
cli-help-env = miljø
cli-exit-0 = ferdig; det som ble skrevet, er hos skolen
cli-exit-1 = skolens server sa nei, eller noe gikk galt
cli-exit-2 = kommandoen kan ikke forstås, eller et navn passer på ingen eller flere
cli-exit-3 = finnes bare på denne telefonen; sendes når serveren kan nås
cli-exit-4 = ikke utført: telefonen advarer eller spør først; --anyway eller --keep-waiting gjør det likevel
cli-exit-5 = ingen er logget inn på denne telefonen, eller den er koblet fra
cli-misread-no-value = { $option } må ha en verdi.
cli-misread-value = { $value } kan ikke forstås som { $option }.
cli-misread-unknown = { $option } finnes ikke her.
cli-misread-conflict = { $option } kan ikke oppgis sammen med { $other }.
cli-misread-missing = Det mangler: { $options }.
cli-misread-twice = { $option } er oppgitt mer enn én gang.
cli-misread-which-command = Oppgi hvilken kommando.
cli-misread-how-many = { $option } har fått for mange eller for få verdier.
cli-misread-other = Kommandoen kan ikke forstås.
cli-misread-choices = Mulige verdier: { $choices }.
cli-misread-nearest = Mener du { $nearest }?
cli-misread-help = Mer hjelp: { $option }
cli-such-as-day = en dag er today (i dag), tomorrow (i morgen), yesterday (i går), en ukedag eller en dato som 2026-10-12.
cli-such-as-time = et klokkeslett skrives som 08:20.
cli-such-as-part = en del av dagen skrives som 08:00-10:00.
cli-such-as-part-order = en del av dagen slutter etter at den har begynt, som 08:00-10:00.
cli-such-as-name-at = skriv et navn, eller et navn og et klokkeslett, som Liv@08:20.
cli-such-as-line = oppgi linjens nummer, eller all for alle.
cli-such-as-language = språkene er sv, da, nb og en.
cli-such-as-seconds = oppgi sekunder mellom 0 og 3600.
cli-such-as-reached = hjemme, skolen, annet eller nei.
cli-such-as-reached-yes = hva sa hjemmet? hjemme: barnet er der; skolen: barnet skal være på skolen; annet: noe annet, med --note.
cli-such-as-number = oppgi et heltall.
