# Dage, klokkeslæt og opremsninger.
date-today = i dag
date-tomorrow = i morgen
date-yesterday = i går
date-weekday = { $number ->
    [1] mandag
    [2] tirsdag
    [3] onsdag
    [4] torsdag
    [5] fredag
    [6] lørdag
   *[7] søndag
}
date-month = { $number ->
    [1] januar
    [2] februar
    [3] marts
    [4] april
    [5] maj
    [6] juni
    [7] juli
    [8] august
    [9] september
    [10] oktober
    [11] november
   *[12] december
}
date-in-year = { $weekday } den { $date }. { $month }
date-with-year = { $weekday } den { $date }. { $month } { $year }
date-span = { $from } til { $to }
date-named = { $day }, { $date }
date-from = fra og med { $day }
date-until = til og med { $day }
date-moment = { $day } kl. { $time }
clock = { $hour }.{ $minute }
clock-span = { $from }–{ $to }
extent-whole = hele dagen
session-lesson = lektion { $number }
session-on-day = { $session } { $day }
list-and = { $first } og { $last }
group-unknown = en gruppe
reach-school = hele skolen
quoted-words = »{ $text }«
