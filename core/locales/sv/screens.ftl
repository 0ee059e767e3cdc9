# Skärmarnas egna ord.

waiting-for-school = Hämtar från skolan. Det du gör nu sparas ändå.
nothing-here = Det finns inget för dig att se här just nu. Tror du att det är fel, ring skolans expedition.
staff-nothing-waits = Inget väntar på dig just nu.
no-children = Du ser inga barn på den här skolan. Tror du att det är fel, ring skolans expedition.
screen-of-staff = Den här sidan är till för personal, och du har inte tillgång till den.
screen-of-group = Uppropet och översikten är till för dem som arbetar med gruppen i dag, för expeditionen och för skolledningen.
screen-of-calls = Ringlistan är till för expeditionen och skolledningen, och du har inte tillgång till den.
screen-of-evacuation = Utrymningslistan är till för den som har en grupp i dag, för expeditionen och för skolledningen.
screen-of-confirming = Vuxna bekräftas av expeditionen och skolledningen.
screen-of-lifting = Spärrar visas för skolledningen, som kan häva dem.
closed = Ingen skola i dag.
closed-holiday = Ingen skola i dag: { $holiday }.
cutoff-before = Anmäl gärna senast { $time }.
cutoff-on = Anmäl gärna senast { $time } { $day }.
cutoff-past = Klockan är över { $time }. Anmälan tas emot ändå, och markeras som sen.
explain-question = Skolan saknade barnet { $day }. Vad har hänt?
explain-call = Skolan saknade barnet { $day }, och ingen har sagt varför. Det går inte längre att förklara här: ring { $phone }.
explain-question-own = Skolan saknade dig { $day }. Vad har hänt?
explain-call-own = Skolan saknade dig { $day }, och ingen har sagt varför. Det går inte längre att förklara här: ring { $phone }.
said-elsewhere = Det du anmäler här anmäls också till { $schools }.
mail-unread = { $count ->
    [one] Ett oläst meddelande
   *[other] { $count } olästa meddelanden
}
mail-unsent = { $count ->
    [one] En sak finns bara på den här telefonen
   *[other] { $count } saker finns bara på den här telefonen
}
mail-refused = { $count ->
    [one] En sak kunde skolan inte ta emot
   *[other] { $count } saker kunde skolan inte ta emot
}
mail-sealed = { $count ->
    [one] En sak som någon annan har lagt in på den här telefonen har inte nått skolan. Den väntar tills den personen loggar in här igen.
   *[other] { $count } saker som någon annan har lagt in på den här telefonen har inte nått skolan. De väntar tills den personen loggar in här igen.
}

# Knappar.
action-report-sick = Sjuk i dag
action-report-sick-on = Sjuk { $day }
action-report-sick-all = Sjuka i dag: { $names }
action-report-sick-all-on = Sjuka { $day }: { $names }
action-same-as-before = Samma som { $day }: { $what }
action-same-on = Samma som { $before } även { $day }: { $what }
action-well-today = Frisk igen, kommer i dag
action-well-from = Frisk igen, kommer { $time }
action-well-on = Frisk igen, kommer { $day }
action-extend = Borta längre, till och med { $day }
action-withdraw = Ta tillbaka anmälan för { $days }
action-undo = Ångra
action-close-roll = Uppropet klart
action-mark-seen = Sett
action-accept = Godta
action-refuse = Godta inte
action-call-at-home = Är hemma
action-call-should-be-at-school = Ska vara i skolan
action-call-other = Annat besked
action-call-not-reached = Inget svar
action-handle-follow-up = Markera som hanterad
action-reopen-follow-up = Inte hanterad än
action-read = Läst
mark-present = På plats
mark-late = Kom sent
mark-absent = Borta
mark-left-early = Gick tidigare
mark-sent-home = Skickad hem sjuk

# Upprop och tavla.
roll-none = Inget upprop i dag
roll-open = Upprop inte gjort än
roll-untaken = Upprop saknas
roll-taken = Upprop klart { $time } av { $who }
roll-no-such-lesson = { $group } har lektion { $first }–{ $last }, ingen annan.
roll-no-lessons = { $group } har ett upprop om dagen och inga lektioner.
untaken-day = Upprop saknas: { $group }, { $day }
untaken-lessons = Upprop saknas: { $group }, { $day }: { $lessons }
board-expected = { $count } väntas
board-present = { $count } på plats
board-sick = { $count ->
    [one] { $count } sjuk
   *[other] { $count } sjuka
}
board-away = { $count } med annan anmäld frånvaro
board-on-leave = { $count ->
    [one] { $count } ledig
   *[other] { $count } lediga
}
board-unexplained = { $count ->
    [one] { $count } oförklarad
   *[other] { $count } oförklarade
}
board-explained = { $count ->
    [one] { $count } förklarad i efterhand
   *[other] { $count } förklarade i efterhand
}
board-gone = { $count } har gått hem
board-unmarked = { $count ->
    [one] { $count } inte avprickad
   *[other] { $count } inte avprickade
}
board-unseen = { $count ->
    [one] En ny anmälan
   *[other] { $count } nya anmälningar
}
board-to-judge = { $count ->
    [one] En förklaring väntar på svar
   *[other] { $count } förklaringar väntar på svar
}
signal = { $name }: { $threshold } ({ $count } på { $days } dagar)
signal-handled = Hanterad av { $who } { $time }.
signal-reopened = Öppnad igen av { $who } { $time }.
follow-ups-empty = Ingen frånvaro att följa upp just nu.
explanations-empty = Ingen förklaring väntar på svar.
alarm = { $when ->
   *[today] { $name } saknas { $day }! Hemmet säger att eleven ska vara i skolan. Noterat av { $who } { $time }.
    [earlier] { $name } saknas sedan { $day }! Hemmet säger att eleven ska vara i skolan. Noterat av { $who } { $time }.
}
waiting-more = { $what ->
    [rolls] Fler upprop: { $count }
    [explanations] Fler förklaringar: { $count }
   *[signals] Fler uppföljningar: { $count }
}

# Expeditionen.
office-calls = { $count ->
    [0] Inget hem att ringa
    [one] Ett hem att ringa
   *[other] { $count } hem att ringa
}
office-rolls = { $count ->
    [0] Alla upprop som ska vara gjorda i dag är gjorda
    [one] Ett av dagens upprop saknas
   *[other] { $count } av dagens upprop saknas
}
office-no-roll = { $count ->
    [one] En elev finns inte med på något upprop i dag
   *[other] { $count } elever finns inte med på något upprop i dag
}
office-inside = { $count } i huset, { $uncertain } osäkra
absences-empty = Ingen frånvaro under de dagarna.
calls-empty = Ingen att ringa just nu.
call-open = Borta utan förklaring { $day }. På ringlistan sedan { $time }.
call-closed = Borta utan förklaring { $day }. Avslutat { $time }.
call-reached = { $who } ringde { $whom } { $time }: fick svar
call-at-home = { $who } ringde { $whom } { $time }: är hemma
call-should-be-at-school = { $who } ringde { $whom } { $time }: ska vara i skolan
call-other = { $who } ringde { $whom } { $time }: annat besked
call-not-reached = { $who } ringde { $whom } { $time }: inget svar
call-somebody-at-home = hemmet
adult-speaks = { $kind }, talar { $language }
adult-phone-protected = Skyddade uppgifter: numret finns bara i skolans egen pärm
adult-phone-unknown = Inget nummer här: se skolans elevregister
evacuation-of-school = Hela skolan
evacuation-of-groups = Bara { $groups }
evacuation-inside = I huset
evacuation-uncertain = Osäkert

# Inkorg, utkorg, siffror och vem som kan läsa.
inbox-empty = Inga meddelanden.
outbox-empty = Allt du har skickat är framme.
outbox-clock-ahead = Telefonens klocka gick före när du lade in det här. Kontrollera att det blev rätt dag.
outbox-refused = Skolan kunde inte ta emot det
stats-heading = Läsåret { $year }, till och med { $day }
stats-summary = Borta { $count } av { $total } skoldagar
stats-by-cause = Dagar efter orsak
stats-by-validity = Dagar efter giltighet
stats-whole-days = { $count ->
    [one] en hel dag
   *[other] { $count } hela dagar
}
stats-occasions = { $count ->
    [one] ett tillfälle
   *[other] { $count } tillfällen
}
stats-longest-run = { $count ->
    [one] som längst en dag i följd
   *[other] som längst { $count } dagar i följd
}
stats-late = { $count ->
    [one] en sen ankomst
   *[other] { $count } sena ankomster
}
readers-of-child = Vem kan läsa om { $name }: { $topic }
readers-of = Vem kan läsa: { $topic }
readers-strong = Läses bara med stark inloggning.
reader-you = du
readers-barred = Spärrade för eleven
reader-itself = Det gäller personen själv
reader-role-in-group = { $role }, { $group }
