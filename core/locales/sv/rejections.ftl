# Varför något inte gick, och vad man kan göra i stället.
rejection-not_yours = Det här kan du inte se eller ändra, eller så finns det inte kvar.
    .instead = Tror du att det är fel, ring skolans expedition.
rejection-not_a_persons_command = Det här sköter skolans server själv.
    .instead = Du behöver inte göra något.
rejection-id_reused = Det här blandades ihop med något som redan var skickat.
    .instead = Gör om det från början.
rejection-dependency_rejected = Det som det här byggde på gick inte igenom.
    .instead = Se först vad som hände med det, och gör om det här om det fortfarande behövs.
rejection-malformed = Skolans server kunde inte läsa det här.
    .instead = Uppdatera appen och skicka igen, eller ring skolan.
rejection-command_too_long = Det här är för långt för skolans server.
    .instead = Dela upp det och skicka igen, eller ring skolan.
rejection-own_child = Du kan inte som personal avgöra det som gäller dig själv eller ditt eget barn.
    .instead = Be en kollega göra det.
rejection-nothing_named = Ingen är vald.
    .instead = Välj minst en.
rejection-too_many = Högst { $most } åt gången.
    .instead = Dela upp det på flera gånger.
rejection-note_too_long = Anteckningen får vara högst { $most } tecken.
    .instead = Korta den, eller ring skolan.
rejection-span_reversed = Sista dagen ligger före den första.
    .instead = Ändra dagarna.
rejection-part_outside_day = Tiden ligger utanför skoldagen, som är { $day_starts }–{ $day_ends }.
    .instead = Välj en tid under skoldagen, eller hela dagen.
rejection-not_in_session = Det är ingen skola de dagarna.
    .instead = { $known ->
        [yes] Nästa skoldag är { $next }.
       *[no] Du behöver inte anmäla något.
    }
rejection-too_far_ahead = Det går att anmäla till och med { $last }.
    .instead = Anmäl senare dagar när de är närmare.
rejection-too_far_back = Dagar före { $first } kan inte ändras här längre.
    .instead = Ring skolans expedition.
rejection-run_too_long = En anmälan kan gälla högst { $most_days ->
        [one] en skoldag
       *[other] { $most_days } skoldagar
    } i taget.
    .instead = Anmäl de första dagarna nu, och ring skolan om resten.
rejection-one_day_at_a_time = Den här skolan tar emot anmälan för en dag i taget.
    .instead = Anmäl en dag nu. När den skoldagen är slut kan du förlänga till nästa.
rejection-no_absence = Det finns ingen anmäld frånvaro att avsluta, förlänga eller ta tillbaka.
    .instead = Gör en ny anmälan om barnet är borta.
rejection-already_started = Frånvaron började { $started } och kan inte tas tillbaka.
    .instead = Välj Frisk igen, så avslutas den.
rejection-not_longer = Frånvaron gäller redan till och med { $ends }.
    .instead = Välj en senare dag, eller Frisk igen om den ska bli kortare.
rejection-already_reported = { $pupil } är redan anmäld: { $kind }, { $days }. Anmäld av { $by }.
    .instead = Du behöver inte anmäla igen.
rejection-already_well = { $pupil } är redan friskanmäld, tillbaka { $back }. Friskanmäld av { $by }.
    .instead = Du behöver inte anmäla igen.
rejection-already_explained = { $pupil }: frånvaron { $day } är redan förklarad av { $by } och väntar på skolans svar.
    .instead = Du behöver inte förklara igen.
rejection-marked_present = Skolan har markerat barnet som på plats { $day }.
    .instead = Ring skolan om det inte stämmer, så kan personalen ändra.
rejection-nothing_to_explain = Det finns ingen oförklarad frånvaro där.
    .instead = Du behöver inte göra något.
rejection-already_judged = { $accepted ->
    [yes] Skolan har redan godtagit en förklaring.
   *[no] Skolan har redan svarat och godtog inte förklaringen.
}
    .instead = Vill du lägga till något, prata med mentorn. Skolan kan ändra sitt svar.
rejection-no_explanation = Det har inte kommit någon förklaring än.
    .instead = Vänta på svar hemifrån, eller ring hemmet.
rejection-reason_needed = Ett nej behöver en motivering som vårdnadshavarna kan läsa.
    .instead = Skriv en eller två meningar.
rejection-not_in_group = { $pupil } går inte i gruppen den dagen.
    .instead = Kontrollera att grupp och dag stämmer.
rejection-no_such_session = Den lektionen finns inte den dagen.
    .instead = Välj en annan lektion, eller hela dagen.
rejection-roll_not_open = Uppropet för { $day } kan inte göras nu.
    .instead = Uppropet görs samma dag. Be expeditionen rätta det som är äldre.
rejection-marked_twice = { $pupil } är markerad två gånger.
    .instead = Ta bort den ena markeringen.
rejection-no_mark = Det finns ingen markering att ångra.
    .instead = Markera på nytt om något ska ändras.
rejection-undo_too_late = Det går bara att ångra { $seconds ->
        [one] den första sekunden
       *[other] de första { $seconds } sekunderna
    }.
    .instead = Markera på nytt i stället.
rejection-roll_closed = Uppropet är redan klart, { $at } av { $by }.
    .instead = Markera enskilda elever om något har ändrats.
rejection-roll_not_begun = Uppropet kan inte göras klart innan det har börjat. Det börjar { $starts }.
    .instead = Markera enskilda elever redan nu, och gör klart uppropet när alla är på plats.
rejection-note_needed = Skriv med några ord vad hemmet sa.
    .instead = Eller välj Är hemma eller Ska vara i skolan.
rejection-not_on_call_list = Det finns ingen att ringa här.
    .instead = Kanske har någon annan redan fått svar. Se listan.
rejection-cannot_delegate_to = Du kan bara lämna över till en vuxen utan vårdnad som skolan har bekräftat.
    .instead = Hör med skolans expedition.
rejection-topic_not_delegable = Det området kan inte lämnas över i appen.
    .instead = Prata med skolan.
rejection-cannot_assign = Du kan inte ge uppdraget { $role } där.
    .instead = Uppdrag med barnen gäller en grupp. Uppdrag för hela skolan ger rektorn. Ingen ger sig själv ett uppdrag.
rejection-kind_needed = Det framgår inte vilken relation den vuxna har till eleven.
    .instead = Ange relationen, till exempel vårdnadshavare eller familjehem.
rejection-name_needed = En ny person behöver både förnamn och efternamn.
    .instead = Skriv båda namnen.
rejection-name_too_long = Förnamnet och efternamnet får vara högst { $most } tecken vardera.
    .instead = Korta namnet.
rejection-end_needed = En vikarie behöver en sista dag som inte har passerat, senast { $latest }.
    .instead = Ange sista dagen. Den går att förlänga senare.
rejection-blocked = Personen är spärrad för den här eleven.
    .instead = Spärren måste hävas först. Det gör rektorn.
rejection-not_adult = Bara en myndig elev kan själv lämna samtycke.
    .instead = Vänta till 18-årsdagen.
rejection-assurance_span = Stark inloggning kan gälla som längst till { $latest }.
    .instead = Välj en tidigare tidpunkt.
rejection-not_due = Det är inte dags för det här, eller så är det redan gjort.
    .instead = Du behöver inte göra något.
rejection-newer = Skolans server sa nej av ett skäl som den här versionen av appen inte känner till.
    .instead = Uppdatera appen, eller ring skolan.
