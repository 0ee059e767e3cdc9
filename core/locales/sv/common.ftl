# Dagar, klockslag och uppräkningar.
date-today = i dag
date-tomorrow = i morgon
date-yesterday = i går
date-weekday = { $number ->
    [1] måndag
    [2] tisdag
    [3] onsdag
    [4] torsdag
    [5] fredag
    [6] lördag
   *[7] söndag
}
date-month = { $number ->
    [1] januari
    [2] februari
    [3] mars
    [4] april
    [5] maj
    [6] juni
    [7] juli
    [8] augusti
    [9] september
    [10] oktober
    [11] november
   *[12] december
}
date-in-year = { $weekday } { $date } { $month }
date-with-year = { $weekday } { $date } { $month } { $year }
date-span = { $from } till { $to }
date-named = { $day }, { $date }
date-from = från och med { $day }
date-until = till och med { $day }
date-moment = { $day } kl. { $time }
clock = { $hour }:{ $minute }
clock-span = { $from }–{ $to }
extent-whole = hela dagen
session-lesson = lektion { $number }
session-on-day = { $session } { $day }
list-and = { $first } och { $last }
group-unknown = en grupp
reach-school = hela skolan
quoted-words = ”{ $text }”
