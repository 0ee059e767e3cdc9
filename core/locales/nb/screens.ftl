# Skjermbildenes egne ord.

waiting-for-school = Henter fra skolen. Det du gjør nå, blir lagret likevel.
nothing-here = Det er ingenting for deg å se her akkurat nå. Tror du det er feil, så ring skolens kontor.
staff-nothing-waits = Det er ikke noe som venter på deg akkurat nå.
no-children = Du ser ingen barn på denne skolen. Tror du det er feil, så ring skolens kontor.
screen-of-staff = Denne siden er for ansatte, og du har ikke tilgang til den.
screen-of-group = Oppropet og oversikten er for dem som har gruppen i dag, for kontoret og for ledelsen.
screen-of-calls = Ringelisten er for kontoret og ledelsen, og du har ikke tilgang til den.
screen-of-evacuation = Evakueringslisten er for den som har en gruppe i dag, for kontoret og for ledelsen.
screen-of-confirming = Voksne bekreftes av kontoret og ledelsen.
screen-of-lifting = Sperrer vises for ledelsen, som kan oppheve dem.
closed = Ikke skole i dag.
closed-holiday = Ikke skole i dag: { $holiday }.
cutoff-before = Gi gjerne beskjed senest kl. { $time }.
cutoff-on = Gi gjerne beskjed senest kl. { $time } { $day }.
cutoff-past = Klokka er over { $time }. Meldingen tas imot likevel, og merkes som sen.
explain-question = Barnet var borte fra skolen { $day }. Hva har skjedd?
explain-call = Barnet var borte fra skolen { $day }, og ingen har sagt hvorfor. Det går ikke lenger an å forklare det her: ring { $phone }.
explain-question-own = Du var borte fra skolen { $day }. Hva har skjedd?
explain-call-own = Du var borte fra skolen { $day }, og ingen har sagt hvorfor. Det går ikke lenger an å forklare det her: ring { $phone }.
said-elsewhere = Det du melder her, blir også meldt til { $schools }.
mail-unread = { $count ->
    [one] Én ulest melding
   *[other] { $count } uleste meldinger
}
mail-unsent = { $count ->
    [one] Én ting er bare på denne telefonen
   *[other] { $count } ting er bare på denne telefonen
}
mail-refused = { $count ->
    [one] Én ting kunne skolen ikke ta imot
   *[other] { $count } ting kunne skolen ikke ta imot
}
mail-sealed = { $count ->
    [one] Én ting som noen andre har skrevet på denne telefonen, har ikke nådd skolen. Den venter til den personen logger inn her igjen.
   *[other] { $count } ting som noen andre har skrevet på denne telefonen, har ikke nådd skolen. De venter til den personen logger inn her igjen.
}

# Knapper.
action-report-sick = Syk i dag
action-report-sick-on = Syk { $day }
action-report-sick-all = Syke i dag: { $names }
action-report-sick-all-on = Syke { $day }: { $names }
action-same-as-before = Samme som { $day }: { $what }
action-same-on = Samme som { $before } også { $day }: { $what }
action-well-today = Frisk igjen, kommer i dag
action-well-from = Frisk igjen, kommer kl. { $time }
action-well-on = Frisk igjen, kommer { $day }
action-extend = Borte lenger, til og med { $day }
action-withdraw = Trekk tilbake meldingen for { $days }
action-undo = Angre
action-close-roll = Opprop ferdig
action-mark-seen = Sett
action-accept = Godta
action-refuse = Ikke godta
action-call-at-home = Er hjemme
action-call-should-be-at-school = Skal være på skolen
action-call-other = Annen beskjed
action-call-not-reached = Ingen svarte
action-handle-follow-up = Merk som fulgt opp
action-reopen-follow-up = Ikke fulgt opp ennå
action-read = Lest
mark-present = Til stede
mark-late = Kom for sent
mark-absent = Ikke møtt
mark-left-early = Gikk tidligere
mark-sent-home = Sendt syk hjem

# Opprop og tavle.
roll-none = Ikke opprop i dag
roll-open = Opprop ikke tatt ennå
roll-untaken = Opprop mangler
roll-taken = Opprop tatt { $time } av { $who }
roll-no-such-lesson = { $group } har time { $first }–{ $last } og ingen andre.
roll-no-lessons = { $group } har ett opprop om dagen, ikke per time.
untaken-day = Opprop mangler: { $group }, { $day }
untaken-lessons = Opprop mangler: { $group }, { $day }: { $lessons }
board-expected = { $count } forventes
board-present = { $count } til stede
board-sick = { $count ->
    [one] { $count } syk
   *[other] { $count } syke
}
board-away = { $count } med annet meldt fravær
board-on-leave = { $count } har permisjon
board-unexplained = { $count ->
    [one] { $count } uforklart
   *[other] { $count } uforklarte
}
board-explained = { $count ->
    [one] { $count } forklart i etterkant
   *[other] { $count } forklart i etterkant
}
board-gone = { $count } har gått hjem
board-unmarked = { $count } ikke registrert
board-unseen = { $count ->
    [one] Én ny melding
   *[other] { $count } nye meldinger
}
board-to-judge = { $count ->
    [one] Én forklaring venter på svar
   *[other] { $count } forklaringer venter på svar
}
signal = { $name }: { $threshold } ({ $count } på { $days } dager)
signal-handled = Fulgt opp av { $who } { $time }.
signal-reopened = Gjenåpnet av { $who } { $time }.
follow-ups-empty = Ikke noe fravær å følge opp akkurat nå.
explanations-empty = Ingen forklaring venter på svar.
alarm = { $when ->
   *[today] { $name } mangler { $day }! Hjemmet sier at eleven skal være på skolen. Notert av { $who } { $time }.
    [earlier] { $name } har manglet siden { $day }! Hjemmet sier at eleven skal være på skolen. Notert av { $who } { $time }.
}
waiting-more = { $what ->
    [rolls] Flere opprop: { $count }
    [explanations] Flere forklaringer: { $count }
   *[signals] Flere oppfølginger: { $count }
}

# Kontoret.
office-calls = { $count ->
    [0] Ingen hjem å ringe
    [one] Ett hjem å ringe
   *[other] { $count } hjem å ringe
}
office-rolls = { $count ->
    [0] Alle opprop som skal være tatt i dag, er tatt
    [one] Ett av dagens opprop mangler
   *[other] { $count } av dagens opprop mangler
}
office-no-roll = { $count ->
    [one] Én elev er ikke med på noe opprop i dag
   *[other] { $count } elever er ikke med på noe opprop i dag
}
office-inside = { $count } i huset, { $uncertain } usikre
absences-empty = Ikke noe fravær de dagene.
calls-empty = Ingen å ringe akkurat nå.
call-open = Uforklart fravær { $day }. På ringelisten siden { $time }.
call-closed = Uforklart fravær { $day }. Avsluttet { $time }.
call-reached = { $who } ringte { $whom } { $time }: fikk svar
call-at-home = { $who } ringte { $whom } { $time }: er hjemme
call-should-be-at-school = { $who } ringte { $whom } { $time }: skal være på skolen
call-other = { $who } ringte { $whom } { $time }: annen beskjed
call-not-reached = { $who } ringte { $whom } { $time }: ingen svarte
call-somebody-at-home = hjemmet
adult-speaks = { $kind }, snakker { $language }
adult-phone-protected = Adressesperre: nummeret finnes bare i skolens egen perm
adult-phone-unknown = Ikke noe nummer her: se skolens elevregister
evacuation-of-school = Hele skolen
evacuation-of-groups = Bare { $groups }
evacuation-inside = I huset
evacuation-uncertain = Uvisst

# Innboks, utboks, tall og hvem som kan lese.
inbox-empty = Ingen meldinger.
outbox-empty = Alt du har sendt, er framme.
outbox-clock-ahead = Telefonens klokke var foran da du skrev dette. Sjekk at det ble riktig dag.
outbox-refused = Skolen kunne ikke ta imot det
stats-heading = Skoleåret { $year }, til og med { $day }
stats-summary = Borte { $count } av { $total } skoledager
stats-by-cause = Dager etter årsak
stats-by-validity = Dager etter gyldighet
stats-whole-days = { $count ->
    [one] én hel dag
   *[other] { $count } hele dager
}
stats-occasions = { $count ->
    [one] én periode
   *[other] { $count } perioder
}
stats-longest-run = { $count ->
    [one] høyst én dag på rad
   *[other] høyst { $count } dager på rad
}
stats-late = { $count ->
    [one] kom for sent én gang
   *[other] kom for sent { $count } ganger
}
readers-of-child = Hvem kan lese om { $name }: { $topic }
readers-of = Hvem kan lese: { $topic }
readers-strong = Leses bare med sterk innlogging.
reader-you = du
readers-barred = Sperret for eleven
reader-itself = Det gjelder personen selv
reader-role-in-group = { $role }, { $group }
