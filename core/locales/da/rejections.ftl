# Hvorfor noget ikke kunne lade sig gøre, og hvad man kan gøre i stedet.
rejection-not_yours = Det her kan du ikke se eller ændre, eller også findes det ikke længere.
    .instead = Mener du, at det er en fejl, så ring til skolens kontor.
rejection-not_a_persons_command = Det her klarer skolens server selv.
    .instead = Du behøver ikke at gøre noget.
rejection-id_reused = Det her blev blandet sammen med noget, der allerede var sendt.
    .instead = Gør det igen fra begyndelsen.
rejection-dependency_rejected = Det, som dette byggede på, gik ikke igennem.
    .instead = Se først, hvad der skete med det, og gør dette igen, hvis der stadig er brug for det.
rejection-malformed = Skolens server kunne ikke læse det her.
    .instead = Opdatér appen og send igen, eller ring til skolen.
rejection-command_too_long = Det her er for langt til skolens server.
    .instead = Del det op og send igen, eller ring til skolen.
rejection-own_child = Du kan ikke som ansat afgøre noget, der gælder dig selv eller dit eget barn.
    .instead = Bed en kollega om det.
rejection-nothing_named = Ingen er valgt.
    .instead = Vælg mindst én.
rejection-too_many = Højst { $most } ad gangen.
    .instead = Del det op i flere omgange.
rejection-note_too_long = Bemærkningen må højst være på { $most } tegn.
    .instead = Gør den kortere, eller ring til skolen.
rejection-span_reversed = Den sidste dag ligger før den første.
    .instead = Ret dagene.
rejection-part_outside_day = Tidspunktet ligger uden for skoledagen, som er { $day_starts }–{ $day_ends }.
    .instead = Vælg et tidspunkt i skoledagen, eller hele dagen.
rejection-not_in_session = Der er ikke skole de dage.
    .instead = { $known ->
        [yes] Næste skoledag er { $next }.
       *[no] Du behøver ikke at melde noget.
    }
rejection-too_far_ahead = Du kan melde fravær til og med { $last }.
    .instead = Meld senere dage, når de er nærmere.
rejection-too_far_back = Dage før { $first } kan ikke længere ændres her.
    .instead = Ring til skolens kontor.
rejection-run_too_long = En fraværsmelding kan højst gælde { $most_days ->
        [one] én skoledag
       *[other] { $most_days } skoledage
    } ad gangen.
    .instead = Meld de første dage nu, og ring til skolen om resten.
rejection-one_day_at_a_time = På denne skole meldes fravær for én dag ad gangen.
    .instead = Meld én dag nu. Når den skoledag er slut, kan du forlænge til den næste.
rejection-no_absence = Der er intet meldt fravær at afslutte, forlænge eller trække tilbage.
    .instead = Meld fravær igen, hvis barnet er væk.
rejection-already_started = Fraværet begyndte { $started } og kan ikke trækkes tilbage.
    .instead = Vælg Rask igen, så slutter det.
rejection-not_longer = Fraværet gælder allerede til og med { $ends }.
    .instead = Vælg en senere dag, eller Rask igen, hvis det skal være kortere.
rejection-already_reported = { $pupil } er allerede meldt: { $kind }, { $days }. Meldt af { $by }.
    .instead = Du behøver ikke at melde det igen.
rejection-already_well = { $pupil } er allerede raskmeldt, tilbage { $back }. Raskmeldt af { $by }.
    .instead = Du behøver ikke at melde det igen.
rejection-already_explained = { $pupil }: fraværet { $day } er allerede forklaret af { $by } og venter på skolens svar.
    .instead = Du behøver ikke at forklare det igen.
rejection-marked_present = Skolen har registreret barnet som til stede { $day }.
    .instead = Ring til skolen, hvis det ikke passer, så kan personalet rette det.
rejection-nothing_to_explain = Der er intet uforklaret fravær der.
    .instead = Du behøver ikke at gøre noget.
rejection-already_judged = { $accepted ->
    [yes] Skolen har allerede godkendt en forklaring.
   *[no] Skolen har allerede svaret og godkendte ikke forklaringen.
}
    .instead = Vil du tilføje noget, så tal med kontaktlæreren. Skolen kan ændre sit svar.
rejection-no_explanation = Der er ikke kommet nogen forklaring endnu.
    .instead = Vent på svar fra hjemmet, eller ring til dem.
rejection-reason_needed = Et nej skal begrundes, så hjemmet kan læse hvorfor.
    .instead = Skriv en sætning eller to.
rejection-not_in_group = { $pupil } går ikke i gruppen den dag.
    .instead = Tjek, at gruppe og dag er rigtige.
rejection-no_such_session = Den lektion findes ikke den dag.
    .instead = Vælg en anden lektion, eller hele dagen.
rejection-roll_not_open = Fremmødet for { $day } kan ikke registreres nu.
    .instead = Registrér fremmødet samme dag. Bed kontoret om at rette det, der er ældre.
rejection-marked_twice = { $pupil } er markeret to gange.
    .instead = Fjern den ene markering.
rejection-no_mark = Der er ingen markering at fortryde.
    .instead = Markér igen, hvis noget skal ændres.
rejection-undo_too_late = Du kan kun fortryde inden for { $seconds ->
        [one] det første sekund
       *[other] de første { $seconds } sekunder
    }.
    .instead = Markér igen i stedet.
rejection-roll_closed = Fremmødet er allerede registreret, { $at } af { $by }.
    .instead = Markér enkelte elever, hvis noget har ændret sig.
rejection-roll_not_begun = Fremmøderegistreringen kan ikke afsluttes, før den er begyndt. Den begynder kl. { $starts }.
    .instead = Markér enkelte elever allerede nu, og afslut, når alle er mødt.
rejection-note_needed = Skriv med få ord, hvad hjemmet sagde.
    .instead = Eller vælg Er hjemme eller Burde være i skole.
rejection-not_on_call_list = Der er ingen at ringe til her.
    .instead = Måske har en anden allerede fået svar. Se listen.
rejection-cannot_delegate_to = Du kan kun give det videre til en voksen uden forældremyndighed, som skolen har bekræftet.
    .instead = Spørg skolens kontor.
rejection-topic_not_delegable = Det område kan ikke gives videre i appen.
    .instead = Tal med skolen.
rejection-cannot_assign = Du kan ikke give rollen { $role } der.
    .instead = Roller hos børnene gælder én gruppe. Roller for hele skolen giver skolelederen. Ingen giver sig selv en rolle.
rejection-kind_needed = Det fremgår ikke, hvilken relation den voksne har til eleven.
    .instead = Angiv relationen, for eksempel forældremyndighedsindehaver eller plejefamilie.
rejection-name_needed = En ny person skal have både fornavn og efternavn.
    .instead = Skriv begge navne.
rejection-name_too_long = Fornavn og efternavn må højst være på { $most } tegn hver.
    .instead = Gør navnet kortere.
rejection-end_needed = En vikar skal have en sidste dag, som ikke er forbi, senest { $latest }.
    .instead = Angiv den sidste dag. Den kan forlænges senere.
rejection-blocked = Personen er spærret for denne elev.
    .instead = Spærringen skal hæves først. Det gør skolelederen.
rejection-not_adult = Kun en myndig elev kan selv give samtykke.
    .instead = Vent til 18-årsdagen.
rejection-assurance_span = Stærkt login kan højst gælde til { $latest }.
    .instead = Vælg et tidligere tidspunkt.
rejection-not_due = Det er ikke tid til det her, eller også er det allerede gjort.
    .instead = Du behøver ikke at gøre noget.
rejection-newer = Skolens server sagde nej af en grund, som denne version af appen ikke kender.
    .instead = Opdatér appen, eller ring til skolen.
