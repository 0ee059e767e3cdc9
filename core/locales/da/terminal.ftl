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
cli-which-none = { $which } Telefonen kender ikke til noget, der er dit.
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
cli-offline-kept = Der bruges intet net; { $command } ændrer det.
cli-offline = Der er intet net; { $command } ændrer det.
cli-which-phone = Hvilken telefon? Angiv dens mappe: --phone MAPPE, eller SKOLEBRO_PHONE i miljøet.
cli-which-school = På hvilken skole? Angiv --school NAVN.
cli-no-school = Ingen skole på denne telefon hedder { $wanted }. Her er { $names }
cli-both-sides = Du kan sige det både hjemmefra og som { $role }: angiv --as home eller --as { $role }.
cli-not-signed-in = Ingen er logget ind på denne telefon: { $command }
cli-nothing-of-yesterday = { $name }: der er intet fra skoledagen før at sige igen.
cli-say-when = For en anden dag end i dag, sig hvornår: { $name }@HH:MM.
cli-no-line = Der er ingen linje { $number }; antallet er { $count }.
cli-not-refused = Linje { $number } har skolen ikke sagt nej til.
cli-on-its-way = Linje { $number } kan være på vej eller fremme hos skolen: sig det modsatte i stedet.
cli-nobody-waits = Ingen venter på at blive bekræftet.
cli-confirm-kind = Det fremgår ikke, hvad { $adult } er for { $child }. Sig det med --kind: { $kinds }
cli-code = Kode til { $name }s næste telefon: { $code }
cli-code-until = Gælder til { $until } og kan bruges én gang. Giv den kun til { $name }: den vises ikke igen. Personens andre telefoner får besked om den.
cli-next-phone = En telefon mere? Bed skolens kontor om en kode.
cli-is-barred = spærret
cli-namesake = To i personalet hedder { $name }, og den ene er oprettet her på skolen. Er det samme person, så afslut opgaven for den, der blev oprettet her.
cli-works-here = { $name } findes allerede i personalet: giv en opgave med assign. Er det en anden med samme navn, så tilføj --anyway.
cli-waits-as = venter på at blive bekræftet; står som: { $kind }
cli-other-server = Mappen er en telefon hos { $known }; tag en anden mappe til { $asked }.
cli-which-server = Hvilken server? Angiv --server URL.
cli-server-such-as = En server angives som https://skolebro.example
cli-server-unreachable = { $address } kan ikke nås. Se efter, om adressen og nettet er i orden, og prøv igen.
cli-server-silent = { $address } svarede ikke i tide. Prøv igen om lidt.
cli-server-not-ours = Det, der svarer på { $address }, er ikke en Skolebro-server. Se adressen efter, og om den begynder med https:// eller http://
cli-server-open = Advarsel: med http:// går din kode og det, du siger, ubeskyttet over nettet. Brug https:// undtagen på din egen computer.
cli-signed-in = { $name } er logget ind på denne telefon
cli-signed-in-nameless = Du er logget ind på denne telefon
cli-synced = { $sent } sendt: { $accepted } godtaget, { $refused } afvist, { $later } sendes senere; { $received } hentet
cli-see-outbox = { $command } viser, hvad skolen sagde nej til og hvorfor.
cli-network-off = Fra nu af bruges der intet net.
cli-network-on = Nettet bruges igen.
cli-enrolled = logget ind { $time }
cli-last-seen = sidst set { $time }
cli-disconnected = frakoblet { $time }
cli-this-phone = denne telefon
