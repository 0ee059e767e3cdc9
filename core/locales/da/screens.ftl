# Skærmbilledernes egne ord.

waiting-for-school = Henter fra skolen. Det, du gør nu, bliver gemt alligevel.
nothing-here = Der er ikke noget for dig at se her lige nu. Mener du, at det er en fejl, så ring til skolens kontor.
staff-nothing-waits = Der er ikke noget, der venter på dig lige nu.
no-children = Du ser ingen børn på denne skole. Mener du, at det er en fejl, så ring til skolens kontor.
screen-of-staff = Denne side er for personalet, og du har ikke adgang til den.
screen-of-group = Fremmødet og oversigten er for dem, der har gruppen i dag, for kontoret og for ledelsen.
screen-of-calls = Ringelisten er for kontoret og ledelsen, og du har ikke adgang til den.
screen-of-evacuation = Evakueringslisten er for den, der har en gruppe i dag, for kontoret og for ledelsen.
screen-of-confirming = Voksne bekræftes af kontoret og ledelsen.
screen-of-lifting = Spærringer vises for ledelsen, som kan hæve dem.
closed = Ingen skole i dag.
closed-holiday = Ingen skole i dag: { $holiday }.
cutoff-before = Giv gerne besked senest kl. { $time }.
cutoff-on = Giv gerne besked senest kl. { $time } { $day }.
cutoff-past = Klokken er over { $time }. Beskeden bliver modtaget alligevel og noteret som sen.
explain-question = Barnet var ikke mødt i skole { $day }. Hvad er der sket?
explain-call = Barnet var ikke mødt i skole { $day }, og ingen har sagt hvorfor. Fraværet kan ikke længere forklares her: ring til { $phone }.
explain-question-own = Du var ikke mødt i skole { $day }. Hvad er der sket?
explain-call-own = Du var ikke mødt i skole { $day }, og ingen har sagt hvorfor. Fraværet kan ikke længere forklares her: ring til { $phone }.
said-elsewhere = Det, du melder her, bliver også meldt til { $schools }.
mail-unread = { $count ->
    [one] Én ulæst besked
   *[other] { $count } ulæste beskeder
}
mail-unsent = { $count ->
    [one] Én ting er kun på denne telefon
   *[other] { $count } ting er kun på denne telefon
}
mail-refused = { $count ->
    [one] Én ting kunne skolen ikke tage imod
   *[other] { $count } ting kunne skolen ikke tage imod
}
mail-sealed = { $count ->
    [one] Én ting, som en anden har skrevet på denne telefon, er ikke nået frem til skolen. Den venter, til den person logger ind her igen.
   *[other] { $count } ting, som en anden har skrevet på denne telefon, er ikke nået frem til skolen. De venter, til den person logger ind her igen.
}

# Knapper.
action-report-sick = Syg i dag
action-report-sick-on = Syg { $day }
action-report-sick-all = Syge i dag: { $names }
action-report-sick-all-on = Syge { $day }: { $names }
action-same-as-before = Samme som { $day }: { $what }
action-same-on = Samme som { $before } også { $day }: { $what }
action-well-today = Rask igen, kommer i dag
action-well-from = Rask igen, kommer kl. { $time }
action-well-on = Rask igen, kommer { $day }
action-extend = Væk længere, til og med { $day }
action-withdraw = Træk fraværsmeldingen tilbage for { $days }
action-undo = Fortryd
action-close-roll = Fremmøde registreret
action-mark-seen = Set
action-accept = Godkend
action-refuse = Godkend ikke
action-call-at-home = Er hjemme
action-call-should-be-at-school = Burde være i skole
action-call-other = Anden besked
action-call-not-reached = Intet svar
action-handle-follow-up = Markér som fulgt op
action-reopen-follow-up = Ikke fulgt op endnu
action-read = Læst
mark-present = Til stede
mark-late = Kom for sent
mark-absent = Ikke mødt
mark-left-early = Gik tidligere
mark-sent-home = Sendt syg hjem

# Fremmøde og tavle.
roll-none = Ingen fremmøderegistrering i dag
roll-open = Fremmøde ikke registreret endnu
roll-untaken = Fremmøde mangler
roll-taken = Fremmøde registreret { $time } af { $who }
roll-no-such-lesson = { $group } har lektion { $first }–{ $last } og ingen andre.
roll-no-lessons = { $group } registrerer fremmøde én gang om dagen, ikke pr. lektion.
untaken-day = Fremmøde mangler: { $group }, { $day }
untaken-lessons = Fremmøde mangler: { $group }, { $day }: { $lessons }
board-expected = { $count } forventes
board-present = { $count } til stede
board-sick = { $count ->
    [one] { $count } syg
   *[other] { $count } syge
}
board-away = { $count } med andet meldt fravær
board-on-leave = { $count } har fri
board-unexplained = { $count ->
    [one] { $count } uforklaret
   *[other] { $count } uforklarede
}
board-explained = { $count ->
    [one] { $count } forklaret bagefter
   *[other] { $count } forklaret bagefter
}
board-gone = { $count } er gået hjem
board-unmarked = { $count } ikke registreret
board-unseen = { $count ->
    [one] Én ny fraværsmelding
   *[other] { $count } nye fraværsmeldinger
}
board-to-judge = { $count ->
    [one] Én forklaring venter på svar
   *[other] { $count } forklaringer venter på svar
}
signal = { $name }: { $threshold } ({ $count } på { $days } dage)
signal-handled = Fulgt op af { $who } { $time }.
signal-reopened = Genåbnet af { $who } { $time }.
follow-ups-empty = Intet fravær at følge op på lige nu.
explanations-empty = Ingen forklaring venter på svar.
alarm = { $when ->
   *[today] { $name } mangler { $day }! Hjemmet siger, at eleven burde være i skole. Noteret af { $who } { $time }.
    [earlier] { $name } har manglet siden { $day }! Hjemmet siger, at eleven burde være i skole. Noteret af { $who } { $time }.
}
waiting-more = { $what ->
    [rolls] Flere fremmøderegistreringer: { $count }
    [explanations] Flere forklaringer: { $count }
   *[signals] Flere opfølgninger: { $count }
}

# Kontoret.
office-calls = { $count ->
    [0] Ingen hjem at ringe til
    [one] Ét hjem at ringe til
   *[other] { $count } hjem at ringe til
}
office-rolls = { $count ->
    [0] Alt fremmøde, der skal være registreret i dag, er registreret
    [one] Dagens fremmøde mangler for én gruppe
   *[other] Dagens fremmøde mangler for { $count } grupper
}
office-no-roll = { $count ->
    [one] Én elev er ikke på nogen fremmødeliste i dag
   *[other] { $count } elever er ikke på nogen fremmødeliste i dag
}
office-inside = { $count } i huset, { $uncertain } usikre
absences-empty = Intet fravær i de dage.
calls-empty = Ingen at ringe til lige nu.
call-open = Uforklaret fravær { $day }. På ringelisten siden { $time }.
call-closed = Uforklaret fravær { $day }. Afsluttet { $time }.
call-reached = { $who } ringede til { $whom } { $time }: fik svar
call-at-home = { $who } ringede til { $whom } { $time }: er hjemme
call-should-be-at-school = { $who } ringede til { $whom } { $time }: burde være i skole
call-other = { $who } ringede til { $whom } { $time }: anden besked
call-not-reached = { $who } ringede til { $whom } { $time }: intet svar
call-somebody-at-home = hjemmet
adult-speaks = { $kind }, taler { $language }
adult-phone-protected = Navne- og adressebeskyttelse: nummeret findes kun i skolens egen mappe
adult-phone-unknown = Intet nummer her: se skolens elevregister
evacuation-of-school = Hele skolen
evacuation-of-groups = Kun { $groups }
evacuation-inside = I huset
evacuation-uncertain = Uvist

# Indbakke, udbakke, tal og hvem der kan læse.
inbox-empty = Ingen beskeder.
outbox-empty = Alt, du har sendt, er nået frem.
outbox-clock-ahead = Telefonens ur gik forud, da du skrev dette. Tjek, at det blev den rigtige dag.
outbox-refused = Skolen kunne ikke tage imod det
stats-heading = Skoleåret { $year }, til og med { $day }
stats-summary = Væk { $count } af { $total } skoledage
stats-by-cause = Dage efter årsag
stats-by-validity = Dage efter lovlighed
stats-whole-days = { $count ->
    [one] én hel dag
   *[other] { $count } hele dage
}
stats-occasions = { $count ->
    [one] én periode
   *[other] { $count } perioder
}
stats-longest-run = { $count ->
    [one] højst én dag i træk
   *[other] højst { $count } dage i træk
}
stats-late = { $count ->
    [one] kom for sent én gang
   *[other] kom for sent { $count } gange
}
readers-of-child = Hvem kan læse om { $name }: { $topic }
readers-of = Hvem kan læse: { $topic }
readers-strong = Læses kun med stærkt login.
reader-you = du
readers-barred = Spærret for eleven
reader-itself = Det gælder personen selv
reader-role-in-group = { $role }, { $group }
