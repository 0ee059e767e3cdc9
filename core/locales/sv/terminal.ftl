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
cli-which-none = { $which } Här finns inget att välja på.
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
cli-only-shown = Inget nytt kan hämtas eller skickas, eftersom telefonen inte kan spara. Det som visas är det som redan fanns här.
cli-nothing-yet = Inget har hämtats från skolan än, så telefonen känner inte till några namn. Det här är inte gjort: försök igen när det finns nät. Är det bråttom, ring skolan.
cli-office = Skolans expedition: { $phones }
cli-open-to-others = Andra på den här datorn kommer åt { $paths }, och det går inte att hindra. Välj en mapp som bara är din.
cli-kept-aside = Det som inte gick att läsa ligger kvar i { $path }. Kontrollera med skolan att det du har lagt in har kommit fram.
cli-day-is = På telefonen är det { $day }.
cli-which-phone = Vilken telefon? Ange dess mapp: --phone MAPP, eller SKOLEBRO_PHONE i miljön.
cli-no-folder = { $path } är ingen mapp. Ange en mapp för telefonen: --phone MAPP
cli-which-school = På vilken skola? Ange --school NAMN.
cli-no-school = Ingen skola på den här telefonen heter { $wanted }. Här finns { $names }
cli-both-sides = Du kan göra det här både hemifrån och som { $role }: ange --as home eller --as { $role }.
cli-not-signed-in = Ingen är inloggad på den här telefonen: { $command }
cli-somebody = Någon
cli-unsent-of = { $who } har lagt in det här på telefonen, och det har inte nått skolan:
cli-unsent-choose = Försök igen när det finns nät. Eller lägg till { $option }: då ligger det kvar på telefonen och skickas när samma person loggar in här igen.
cli-nothing-of-yesterday = { $name }: det finns inget från förra skoldagen att upprepa.
cli-say-when = För en annan dag än i dag, ange när: { $name }@HH:MM.
cli-no-line = Det finns ingen rad { $number }; antalet rader är { $count }.
cli-no-lines = Utkorgen är tom: där finns ingen rad.
cli-no-such-line = Det finns ingen rad { $number }. Raderna är { $numbers }.
cli-not-refused = Skolan har inte sagt nej till rad { $number }.
cli-on-its-way = Rad { $number } kan vara på väg eller framme hos skolan: ändra tillbaka med ett nytt kommando i stället.
cli-which-day = Vilken dag? Det väntar förklaringar för { $days }. Ange --day.
cli-no-signal = { $name }: det finns ingen sådan uppföljning.
cli-which-signal = Vilken uppföljning? Det finns { $names }. Ange --signal.
cli-nobody-waits = Ingen väntar på att bli bekräftad.
cli-confirm-kind = Det framgår inte vilken relation { $adult } har till { $child }. Ange den med --kind: { $kinds }
cli-code = Kod till nästa telefon åt { $name }: { $code }
cli-code-until = Gäller till { $until } och kan användas en gång. Ge den bara till { $name }: den visas inte igen. Personens andra telefoner får veta att den finns.
cli-next-phone = En telefon till? Be skolans expedition om en kod.
cli-is-barred = spärrad
cli-namesake = Två i personalen heter { $name }, och den ena är inlagd här på skolan. Är det samma person, avsluta uppdraget för den som lades in här.
cli-works-here = { $name } finns redan i personalen: ge ett uppdrag med assign. Är det någon annan med samma namn, lägg till --anyway.
cli-no-such-assignment = { $count ->
    [0] { $name } har inget uppdrag här att avsluta.
   *[other] { $name } har inget sådant uppdrag. Det som finns: { $held }
}
cli-waits-as = väntar på att bli bekräftad; anges som: { $kind }
cli-other-server = Mappen hör till en telefon hos { $known }; ta en annan mapp för { $asked }.
cli-which-server = Vilken server? Ange --server URL.
cli-server-such-as = { $asked } är ingen adress till en server. En server anges som https://skolebro.example
cli-server-lost = Adressen till skolans server saknas i mappen eller går inte att läsa. Ange den igen: { $command }
cli-server-unreachable = Det går inte att nå { $address }. Kontrollera adressen och nätet, och försök igen.
cli-server-silent = { $address } svarade inte i tid. Försök igen om en stund.
cli-server-not-ours = Det som svarar på { $address } är ingen Skolebro-server. Kontrollera adressen, och om den börjar med https:// eller http://
cli-server-open = Varning: med http:// går din kod och det du skickar oskyddat över nätet. Använd https:// utom på den egna datorn.
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

# Help, and what is mistyped.
cli-help-everywhere = För alla kommandon
cli-help-help = Visa hjälp
cli-help-version = Visa version
cli-help-usage = Användning:
cli-help-words = Ord
cli-help-options = Val
cli-help-commands = Kommandon
cli-help-command = KOMMANDO
cli-help-exit-codes = Slutkoder
cli-help-option = VAL
cli-help-default = om inget anges
cli-help-values = möjliga värden
cli-help-env = miljö
cli-exit-0 = klart; det som lades in har nått skolan
cli-exit-1 = skolans server sa nej, eller något gick fel
cli-exit-2 = kommandot går inte att förstå, eller ett namn stämmer på ingen eller flera
cli-exit-3 = finns bara på den här telefonen; skickas när servern går att nå
cli-exit-4 = inte gjort: telefonen varnar eller frågar först; --anyway eller --keep-waiting gör det ändå
cli-exit-5 = ingen är inloggad på den här telefonen, eller så har den kopplats bort
cli-misread-no-value = { $option } behöver ett värde.
cli-misread-value = { $value } går inte att förstå som { $option }.
cli-misread-unknown = { $option } finns inte här.
cli-misread-conflict = { $option } kan inte anges tillsammans med { $other }.
cli-misread-missing = Det saknas: { $options }.
cli-misread-twice = { $option } har angetts mer än en gång.
cli-misread-which-command = Ange vilket kommando.
cli-misread-how-many = { $option } har fått för många eller för få värden.
cli-misread-other = Kommandot går inte att förstå.
cli-misread-choices = Möjliga värden: { $choices }.
cli-misread-nearest = Menar du { $nearest }?
cli-misread-help = Mer hjälp: { $option }
cli-such-as-day = en dag är today (i dag), tomorrow (i morgon), yesterday (i går), en veckodag eller ett datum som 2026-10-12.
cli-such-as-time = en tid skrivs som 08:20.
cli-such-as-part = en del av dagen skrivs som 08:00-10:00.
cli-such-as-part-order = en del av dagen slutar efter att den har börjat, som 08:00-10:00.
cli-such-as-name-at = skriv ett namn, eller ett namn och en tid, som Liv@08:20.
cli-such-as-line = ange radens nummer, eller all för alla.
cli-such-as-language = språken är sv, da, nb och en.
cli-such-as-seconds = ange sekunder mellan 0 och 3600.
cli-such-as-reached = hemma, skolan, annat eller nej.
cli-such-as-reached-yes = vad sa hemmet? hemma: barnet är där; skolan: barnet ska vara i skolan; annat: något annat, med --note.
cli-such-as-number = ange ett heltal.
