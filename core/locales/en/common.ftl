# Days, times and lists.
date-today = today
date-tomorrow = tomorrow
date-yesterday = yesterday
date-weekday = { $number ->
    [1] Monday
    [2] Tuesday
    [3] Wednesday
    [4] Thursday
    [5] Friday
    [6] Saturday
   *[7] Sunday
}
date-month = { $number ->
    [1] January
    [2] February
    [3] March
    [4] April
    [5] May
    [6] June
    [7] July
    [8] August
    [9] September
    [10] October
    [11] November
   *[12] December
}
date-in-year = { $weekday } { $date } { $month }
date-with-year = { $weekday } { $date } { $month } { $year }
date-span = { $from } to { $to }
date-named = { $day }, { $date }
date-from = from { $day }
date-until = until { $day }
date-moment = { $day } at { $time }
clock = { $hour }:{ $minute }
clock-span = { $from }–{ $to }
extent-whole = all day
session-lesson = lesson { $number }
session-on-day = { $session } { $day }
list-and = { $first } and { $last }
group-unknown = a group
reach-school = the whole school
quoted-words = “{ $text }”
