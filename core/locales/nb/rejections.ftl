# Hvorfor noe ikke gikk, og hva man kan gjøre i stedet.
rejection-not_yours = Dette kan du ikke se eller endre, eller så finnes det ikke lenger.
    .instead = Tror du det er feil, så ring skolens kontor.
rejection-not_a_persons_command = Dette ordner skolens server selv.
    .instead = Du trenger ikke å gjøre noe.
rejection-id_reused = Dette ble blandet sammen med noe som allerede var sendt.
    .instead = Gjør det på nytt fra begynnelsen.
rejection-dependency_rejected = Det som dette bygde på, gikk ikke gjennom.
    .instead = Se først hva som skjedde med det, og gjør dette på nytt hvis det fortsatt trengs.
rejection-malformed = Skolens server kunne ikke lese dette.
    .instead = Oppdater appen og send på nytt, eller ring skolen.
rejection-command_too_long = Dette er for langt for skolens server.
    .instead = Del det opp og send på nytt, eller ring skolen.
rejection-own_child = Du kan ikke som ansatt avgjøre noe som gjelder deg selv eller ditt eget barn.
    .instead = Be en kollega gjøre det.
rejection-nothing_named = Ingen er valgt.
    .instead = Velg minst én.
rejection-too_many = Høyst { $most } om gangen.
    .instead = Del det opp i flere omganger.
rejection-note_too_long = Notatet kan ha høyst { $most } tegn.
    .instead = Gjør det kortere, eller ring skolen.
rejection-span_reversed = Den siste dagen er før den første.
    .instead = Endre dagene.
rejection-part_outside_day = Tidspunktet er utenfor skoledagen, som er { $day_starts }–{ $day_ends }.
    .instead = Velg et tidspunkt i skoledagen, eller hele dagen.
rejection-not_in_session = Det er ikke skole de dagene.
    .instead = { $known ->
        [yes] Neste skoledag er { $next }.
       *[no] Du trenger ikke å melde noe.
    }
rejection-too_far_ahead = Du kan melde fravær til og med { $last }.
    .instead = Meld senere dager når de er nærmere.
rejection-too_far_back = Dager før { $first } kan ikke lenger endres her.
    .instead = Ring skolens kontor.
rejection-run_too_long = En melding kan gjelde høyst { $most_days ->
        [one] én skoledag
       *[other] { $most_days } skoledager
    } om gangen.
    .instead = Meld de første dagene nå, og ring skolen om resten.
rejection-one_day_at_a_time = Denne skolen tar imot melding for én dag om gangen.
    .instead = Meld én dag nå. Når den skoledagen er slutt, kan du forlenge til den neste.
rejection-no_absence = Det er ikke noe meldt fravær å avslutte, forlenge eller trekke tilbake.
    .instead = Meld på nytt hvis barnet er borte.
rejection-already_started = Fraværet begynte { $started } og kan ikke trekkes tilbake.
    .instead = Velg Frisk igjen, så avsluttes det.
rejection-not_longer = Fraværet gjelder allerede til og med { $ends }.
    .instead = Velg en senere dag, eller Frisk igjen hvis det skal bli kortere.
rejection-already_reported = { $pupil } er allerede meldt: { $kind }, { $days }. Meldt av { $by }.
    .instead = Du trenger ikke å melde det igjen.
rejection-already_well = { $pupil } er allerede friskmeldt, tilbake { $back }. Friskmeldt av { $by }.
    .instead = Du trenger ikke å melde det igjen.
rejection-already_explained = { $pupil }: fraværet { $day } er allerede forklart av { $by } og venter på skolens svar.
    .instead = Du trenger ikke å forklare det igjen.
rejection-marked_present = Skolen har registrert barnet som til stede { $day }.
    .instead = Ring skolen hvis det ikke stemmer, så kan de ansatte endre det.
rejection-nothing_to_explain = Det er ikke noe uforklart fravær der.
    .instead = Du trenger ikke å gjøre noe.
rejection-already_judged = { $accepted ->
    [yes] Skolen har allerede godtatt en forklaring.
   *[no] Skolen har allerede svart og godtok ikke forklaringen.
}
    .instead = Vil du legge til noe, så snakk med kontaktlæreren. Skolen kan endre svaret sitt.
rejection-no_explanation = Det har ikke kommet noen forklaring ennå.
    .instead = Vent på svar fra hjemmet, eller ring dem.
rejection-reason_needed = Et nei må ha en begrunnelse som de foresatte kan lese.
    .instead = Skriv en setning eller to.
rejection-not_in_group = { $pupil } går ikke i gruppen den dagen.
    .instead = Sjekk at gruppe og dag stemmer.
rejection-no_such_session = Den timen finnes ikke den dagen.
    .instead = Velg en annen time, eller hele dagen.
rejection-roll_not_open = Oppropet for { $day } kan ikke tas nå.
    .instead = Ta oppropet samme dag. Be kontoret rette det som er eldre.
rejection-marked_twice = { $pupil } er markert to ganger.
    .instead = Fjern den ene markeringen.
rejection-no_mark = Det er ingen markering å angre.
    .instead = Marker på nytt hvis noe skal endres.
rejection-undo_too_late = Du kan bare angre { $seconds ->
        [one] det første sekundet
       *[other] de første { $seconds } sekundene
    }.
    .instead = Marker på nytt i stedet.
rejection-roll_closed = Oppropet er allerede tatt, { $at } av { $by }.
    .instead = Marker enkeltelever hvis noe har endret seg.
rejection-roll_not_begun = Oppropet kan ikke avsluttes før det har begynt. Det begynner kl. { $starts }.
    .instead = Marker enkeltelever allerede nå, og avslutt oppropet når alle er på plass.
rejection-note_needed = Skriv med noen ord hva hjemmet sa.
    .instead = Eller velg Er hjemme eller Skal være på skolen.
rejection-not_on_call_list = Det er ingen å ringe her.
    .instead = Kanskje har en annen allerede fått svar. Se listen.
rejection-cannot_delegate_to = Du kan bare gi det videre til en voksen uten foreldreansvar som skolen har bekreftet.
    .instead = Spør skolens kontor.
rejection-topic_not_delegable = Det området kan ikke gis videre i appen.
    .instead = Snakk med skolen.
rejection-cannot_assign = Du kan ikke gi rollen { $role } der.
    .instead = Roller hos barna gjelder én gruppe. Roller for hele skolen er det rektor som gir. Ingen gir seg selv en rolle.
rejection-kind_needed = Det går ikke fram hvilken relasjon den voksne har til eleven.
    .instead = Oppgi relasjonen, for eksempel foresatt eller fosterhjem.
rejection-name_needed = En ny person må ha både fornavn og etternavn.
    .instead = Skriv begge navnene.
rejection-name_too_long = Fornavn og etternavn kan ha høyst { $most } tegn hver.
    .instead = Gjør navnet kortere.
rejection-end_needed = En vikar må ha en siste dag som ikke er passert, senest { $latest }.
    .instead = Oppgi siste dag. Den kan forlenges senere.
rejection-blocked = Personen er sperret for denne eleven.
    .instead = Sperren må oppheves først. Det gjør rektor.
rejection-not_adult = Bare en myndig elev kan selv gi samtykke.
    .instead = Vent til 18-årsdagen.
rejection-assurance_span = Sterk innlogging kan gjelde høyst til { $latest }.
    .instead = Velg et tidligere tidspunkt.
rejection-not_due = Det er ikke tid for dette, eller så er det allerede gjort.
    .instead = Du trenger ikke å gjøre noe.
rejection-newer = Skolens server sa nei av en grunn som denne versjonen av appen ikke kjenner.
    .instead = Oppdater appen, eller ring skolen.
