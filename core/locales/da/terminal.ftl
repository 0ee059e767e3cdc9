# Hvad kun terminalen siger.
cli-which = { $what ->
    [child] Hvilket barn
    [group] Hvilken gruppe
    [adult] Hvilken af barnets voksne
    [staff] Hvem i personalet
    [person] Hvem
   *[pupil] Hvilken elev
}?
cli-which-fits = { $which } { $wanted } passer på { $names }
cli-which-there-is = { $which } Her er { $names }
cli-which-none = { $which } Her er ikke noget at vælge imellem.
cli-none-called = { $what ->
    [child] Intet barn
    [group] Ingen gruppe
    [adult] Ingen af barnets voksne
    [staff] Ingen i personalet
    [person] Ingen
   *[pupil] Ingen elev
} hedder { $wanted } her.
cli-there-is = Her er { $names }
cli-and-more = og { $count } til
cli-not-sent = Ikke sendt. Tilføj --anyway for at sende alligevel.
cli-offline-kept = Nettet bruges ikke; { $command } ændrer det.
cli-offline = Der er ingen netforbindelse; { $command } ændrer det.
cli-only-shown = Der kan ikke hentes eller sendes noget nyt, fordi telefonen ikke kan gemme. Det, der vises, er det, der allerede var her.
cli-nothing-yet = Der er ikke hentet noget fra skolen endnu, så telefonen kender ingen navne. Det er ikke gjort: prøv igen, når der er net. Haster det, så ring til skolen.
cli-office = Skolens kontor: { $phones }
cli-open-to-others = Andre på denne computer har adgang til { $paths }, og det kan ikke forhindres. Brug en mappe, der kun er din.
cli-kept-aside = Det, der ikke kunne læses, ligger i { $path }. Tjek med skolen, at det, du har skrevet, er nået frem.
cli-day-is = På telefonen er det { $day }.
cli-which-phone = Hvilken telefon? Angiv dens mappe: --phone MAPPE, eller SKOLEBRO_PHONE i miljøet.
cli-no-folder = { $path } er ikke en mappe. Angiv en mappe til telefonen: --phone MAPPE
cli-which-school = På hvilken skole? Angiv --school NAVN.
cli-no-school = Ingen skole på denne telefon hedder { $wanted }. Her er { $names }
cli-both-sides = Du kan gøre det både hjemmefra og som { $role }: angiv --as home eller --as { $role }.
cli-not-signed-in = Ingen er logget ind på denne telefon: { $command }
cli-somebody = Nogen
cli-unsent-of = { $who } har skrevet dette på telefonen, og det er ikke nået frem til skolen:
cli-unsent-choose = Prøv igen, når der er net. Eller tilføj { $option }: så bliver det på telefonen og sendes, når samme person logger ind her igen.
cli-nothing-of-yesterday = { $name }: der er intet fra den forrige skoledag at gentage.
cli-say-when = For en anden dag end i dag, angiv hvornår: { $name }@HH:MM.
cli-no-line = Der er ingen linje { $number }; antallet af linjer er { $count }.
cli-no-lines = Udbakken er tom: der er ingen linjer.
cli-no-such-line = Der er ingen linje { $number }. Linjerne er { $numbers }.
cli-not-refused = Skolen har ikke sagt nej til linje { $number }.
cli-on-its-way = Linje { $number } kan være på vej eller fremme hos skolen: ændr det med en ny kommando i stedet.
cli-which-day = Hvilken dag? Der venter forklaringer for { $days }. Angiv --day.
cli-no-signal = { $name }: der er ingen sådan opfølgning.
cli-which-signal = Hvilken opfølgning? Der er { $names }. Angiv --signal.
cli-nobody-waits = Ingen venter på at blive bekræftet.
cli-confirm-kind = Det fremgår ikke, hvilken relation { $adult } har til { $child }. Angiv den med --kind: { $kinds }
cli-code = Kode til { $name }s næste telefon: { $code }
cli-code-until = Gælder til { $until } og kan bruges én gang. Giv den kun til { $name }: den vises ikke igen. Personens andre telefoner får besked om den.
cli-next-phone = En telefon mere? Bed skolens kontor om en kode.
cli-is-barred = spærret
cli-namesake = To i personalet hedder { $name }, og den ene er oprettet her på skolen. Er det samme person, så afslut rollen for den, der blev oprettet her.
cli-works-here = { $name } findes allerede i personalet: giv en rolle med assign. Er det en anden med samme navn, så tilføj --anyway.
cli-no-such-assignment = { $count ->
    [0] { $name } har ingen rolle her at afslutte.
   *[other] { $name } har ikke sådan en rolle. Det, der er: { $held }
}
cli-waits-as = venter på at blive bekræftet; står som: { $kind }
cli-other-server = Mappen hører til en telefon hos { $known }; brug en anden mappe til { $asked }.
cli-which-server = Hvilken server? Angiv --server URL.
cli-server-such-as = { $asked } er ikke adressen på en server. En server skrives som https://skolebro.example
cli-server-lost = Adressen på skolens server mangler i mappen eller kan ikke læses. Angiv den igen: { $command }
cli-server-unreachable = { $address } kan ikke nås. Tjek adressen og nettet, og prøv igen.
cli-server-silent = { $address } svarede ikke hurtigt nok. Prøv igen om lidt.
cli-server-not-ours = Det, der svarer på { $address }, er ikke en Skolebro-server. Tjek adressen, og om den begynder med https:// eller http://
cli-server-open = Advarsel: med http:// går din kode og det, du sender, ubeskyttet over nettet. Brug https:// undtagen på din egen computer.
cli-signed-in = { $name } er logget ind på denne telefon
cli-signed-in-nameless = Du er logget ind på denne telefon
cli-synced = { $sent } sendt: { $accepted } modtaget, { $refused } afvist, { $later } sendes senere; { $received } hentet
cli-see-outbox = { $command } viser, hvad skolen sagde nej til og hvorfor.
cli-network-off = Fra nu af bruges nettet ikke.
cli-network-on = Nettet bruges igen.
cli-enrolled = logget ind { $time }
cli-last-seen = sidst set { $time }
cli-disconnected = frakoblet { $time }
cli-this-phone = denne telefon

# Help, and what is mistyped.
cli-help-everywhere = For alle kommandoer
cli-help-help = Vis hjælp
cli-help-version = Vis version
cli-help-usage = Brug:
cli-help-words = Ord
cli-help-options = Valgmuligheder
cli-help-commands = Kommandoer
cli-help-command = KOMMANDO
cli-help-exit-codes = Slutkoder
cli-help-option = VALG
cli-help-default = hvis intet angives
cli-help-values = mulige værdier
cli-help-env = miljø
cli-exit-0 = færdig; det, der blev skrevet, er hos skolen
cli-exit-1 = skolens server sagde nej, eller noget gik galt
cli-exit-2 = kommandoen kan ikke forstås, eller et navn passer på ingen eller flere
cli-exit-3 = findes kun på denne telefon; sendes, når serveren kan nås
cli-exit-4 = ikke udført: telefonen advarer eller spørger først; --anyway eller --keep-waiting gør det alligevel
cli-exit-5 = ingen er logget ind på denne telefon, eller den er koblet fra
cli-misread-no-value = { $option } skal have en værdi.
cli-misread-value = { $value } kan ikke forstås som { $option }.
cli-misread-unknown = { $option } findes ikke her.
cli-misread-conflict = { $option } kan ikke angives sammen med { $other }.
cli-misread-missing = Der mangler: { $options }.
cli-misread-twice = { $option } er angivet mere end én gang.
cli-misread-which-command = Angiv hvilken kommando.
cli-misread-how-many = { $option } har fået for mange eller for få værdier.
cli-misread-other = Kommandoen kan ikke forstås.
cli-misread-choices = Mulige værdier: { $choices }.
cli-misread-nearest = Mener du { $nearest }?
cli-misread-help = Mere hjælp: { $option }
cli-such-as-day = en dag er today (i dag), tomorrow (i morgen), yesterday (i går), en ugedag eller en dato som 2026-10-12.
cli-such-as-time = et klokkeslæt skrives som 08:20.
cli-such-as-part = en del af dagen skrives som 08:00-10:00.
cli-such-as-part-order = en del af dagen slutter, efter at den er begyndt, som 08:00-10:00.
cli-such-as-name-at = skriv et navn, eller et navn og et klokkeslæt, som Liv@08:20.
cli-such-as-line = angiv linjens nummer, eller all for alle.
cli-such-as-language = sprogene er sv, da, nb og en.
cli-such-as-seconds = angiv sekunder mellem 0 og 3600.
cli-such-as-reached = hjemme, skolen, andet eller nej.
cli-such-as-reached-yes = hvad sagde hjemmet? hjemme: barnet er der; skolen: barnet burde være i skole; andet: noget andet, med --note.
cli-such-as-number = angiv et helt tal.
