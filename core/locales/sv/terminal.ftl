# Vad bara terminalen säger.
cli-which = { $what ->
    [child] Vilket barn
    [group] Vilken grupp
    [adult] Vilken av barnets vuxna
    [staff] Vem i personalen
    [person] Vem
   *[pupil] Vilken elev
}?
cli-which-fits = { $which } { $wanted } passar in på { $names }
cli-which-there-is = { $which } Här finns { $names }
cli-which-none = { $which } Telefonen känner inte till något som är ditt.
cli-none-called = { $what ->
    [child] Inget barn
    [group] Ingen grupp
    [adult] Ingen av barnets vuxna
    [staff] Ingen i personalen
    [person] Ingen
   *[pupil] Ingen elev
} heter { $wanted } här.
cli-there-is = Här finns { $names }
cli-and-more = och { $count } till
cli-not-sent = Inte skickat. Lägg till --anyway för att skicka ändå.
cli-offline-kept = Inget nät används; { $command } ändrar det.
cli-offline = Det finns inget nät; { $command } ändrar det.
cli-which-phone = Vilken telefon? Ange dess mapp: --phone MAPP, eller SKOLEBRO_PHONE i miljön.
cli-which-school = På vilken skola? Ange --school NAMN.
cli-no-school = Ingen skola på den här telefonen heter { $wanted }. Här finns { $names }
cli-both-sides = Du kan säga det här både hemifrån och som { $role }: ange --as home eller --as { $role }.
cli-not-signed-in = Ingen är inloggad på den här telefonen: { $command }
cli-nothing-of-yesterday = { $name }: det finns inget från skoldagen före att säga igen.
cli-say-when = För en annan dag än i dag, säg när: { $name }@HH:MM.
cli-no-line = Det finns ingen rad { $number }; antalet är { $count }.
cli-not-refused = Rad { $number } har skolan inte sagt nej till.
cli-on-its-way = Rad { $number } kan vara på väg eller framme hos skolan: säg motsatsen i stället.
cli-nobody-waits = Ingen väntar på att bekräftas.
cli-confirm-kind = Det framgår inte vad { $adult } är för { $child }. Säg det med --kind: { $kinds }
cli-code = Kod till nästa telefon åt { $name }: { $code }
cli-code-until = Gäller till { $until } och kan användas en gång. Ge den bara till { $name }: den visas inte igen. Personens andra telefoner får veta att den finns.
cli-next-phone = En telefon till? Be skolans expedition om en kod.
cli-is-barred = spärrad
cli-namesake = Två i personalen heter { $name }, och den ena är inlagd här på skolan. Är det samma person, avsluta uppdraget för den som lades in här.
cli-works-here = { $name } finns redan i personalen: ge ett uppdrag med assign. Är det någon annan med samma namn, lägg till --anyway.
cli-waits-as = väntar på att bekräftas; anges som: { $kind }
cli-other-server = Mappen är en telefon hos { $known }; ta en annan mapp för { $asked }.
cli-which-server = Vilken server? Ange --server URL.
cli-server-such-as = En server anges som https://skolebro.example
cli-server-unreachable = Det går inte att nå { $address }. Kontrollera adressen och nätet, och försök igen.
cli-server-silent = { $address } svarade inte i tid. Försök igen om en stund.
cli-server-not-ours = Det som svarar på { $address } är ingen Skolebro-server. Kontrollera adressen, och om den börjar med https:// eller http://
cli-server-open = Varning: med http:// går din kod och det du säger oskyddat över nätet. Använd https:// utom på den egna datorn.
cli-signed-in = { $name } är inloggad på den här telefonen
cli-signed-in-nameless = Du är inloggad på den här telefonen
cli-synced = { $sent } skickade: { $accepted } godtagna, { $refused } nekade, { $later } skickas senare; { $received } hämtade
cli-see-outbox = { $command } visar vad skolan sa nej till och varför.
cli-network-off = Från och med nu används inget nät.
cli-network-on = Nätet används igen.
cli-enrolled = inloggad { $time }
cli-last-seen = senast sedd { $time }
cli-disconnected = bortkopplad { $time }
cli-this-phone = den här telefonen
