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
cli-which-none = { $which } Telefonen kjenner ikke til noe som er ditt.
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
cli-which-phone = Hvilken telefon? Oppgi mappen: --phone MAPPE, eller SKOLEBRO_PHONE i miljøet.
cli-which-school = På hvilken skole? Oppgi --school NAVN.
cli-no-school = Ingen skole på denne telefonen heter { $wanted }. Her er { $names }
cli-both-sides = Du kan si dette både hjemmefra og som { $role }: oppgi --as home eller --as { $role }.
cli-not-signed-in = Ingen er logget inn på denne telefonen: { $command }
cli-nothing-of-yesterday = { $name }: det er ikke noe fra skoledagen før å si igjen.
cli-say-when = For en annen dag enn i dag, si når: { $name }@HH:MM.
cli-no-line = Det finnes ingen linje { $number }; antallet er { $count }.
cli-not-refused = Linje { $number } har skolen ikke sagt nei til.
cli-on-its-way = Linje { $number } kan være på vei eller framme hos skolen: si det motsatte i stedet.
cli-nobody-waits = Ingen venter på å bli bekreftet.
cli-confirm-kind = Det går ikke fram hva { $adult } er for { $child }. Si det med --kind: { $kinds }
cli-code = Kode til neste telefon for { $name }: { $code }
cli-code-until = Gjelder til { $until } og kan brukes én gang. Gi den bare til { $name }: den vises ikke igjen. Personens andre telefoner får beskjed om den.
cli-next-phone = En telefon til? Be skolens kontor om en kode.
cli-is-barred = sperret
cli-namesake = To av de ansatte heter { $name }, og den ene er lagt inn her på skolen. Er det samme person, avslutt oppdraget for den som ble lagt inn her.
cli-works-here = { $name } er allerede blant de ansatte: gi et oppdrag med assign. Er det en annen med samme navn, legg til --anyway.
cli-waits-as = venter på å bli bekreftet; står som: { $kind }
cli-other-server = Mappen er en telefon hos { $known }; ta en annen mappe for { $asked }.
cli-which-server = Hvilken server? Oppgi --server URL.
cli-server-such-as = En server oppgis som https://skolebro.example
cli-server-unreachable = Får ikke kontakt med { $address }. Sjekk adressen og nettet, og prøv igjen.
cli-server-silent = { $address } svarte ikke i tide. Prøv igjen om en stund.
cli-server-not-ours = Det som svarer på { $address }, er ingen Skolebro-server. Sjekk adressen, og om den begynner med https:// eller http://
cli-server-open = Advarsel: med http:// går koden din og det du sier, ubeskyttet over nettet. Bruk https:// unntatt på din egen maskin.
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
