# The screens' own words.

waiting-for-school = Fetching from the school. What you do now is kept all the same.
nothing-here = There is nothing for you to see here at the moment. If you think that is wrong, call the school's office.
staff-nothing-waits = Nothing waits for you right now.
no-children = You see no children at this school. If you think that is wrong, call the school's office.
screen-of-staff = This is a screen for staff, and the school does not give you what it would show.
screen-of-group = The roll and the board are for those who have the group today, the office and the school's leaders.
screen-of-calls = The call list is the office's and the leaders', and the school does not give it to you.
screen-of-evacuation = The evacuation list is for whoever has a group today, the office and the leaders.
screen-of-confirming = Adults are confirmed by the office and the leaders.
screen-of-lifting = Bars are shown to the school's leaders, who may lift them.
closed = No school today.
closed-holiday = No school today: { $holiday }.
cutoff-before = Please report by { $time }.
cutoff-on = Please report by { $time } { $day }.
cutoff-past = It is past { $time }. The report is taken all the same, and marked as late.
explain-question = The school missed your child { $day }. What happened?
explain-call = The school missed your child { $day }, and nobody has said why. It is too late to say it here: call { $phone }.
explain-question-own = The school missed you { $day }. What happened?
explain-call-own = The school missed you { $day }, and nobody has said why. It is too late to say it here: call { $phone }.
said-elsewhere = What you report here is told to { $schools } too.
mail-unread = { $count ->
    [one] One unread notice
   *[other] { $count } unread notices
}
mail-unsent = { $count ->
    [one] One thing is on this phone only
   *[other] { $count } things are on this phone only
}
mail-refused = { $count ->
    [one] The school could not take one thing
   *[other] The school could not take { $count } things
}
mail-sealed = { $count ->
    [one] One thing that somebody else has said on this phone has not reached the school. It waits until that person signs in here again.
   *[other] { $count } things that somebody else has said on this phone have not reached the school. They wait until that person signs in here again.
}

# Buttons.
action-report-sick = Sick today
action-report-sick-on = Sick { $day }
action-report-sick-all = Sick today: { $names }
action-report-sick-all-on = Sick { $day }: { $names }
action-same-as-before = Same as { $day }: { $what }
action-same-on = Same as { $before } also { $day }: { $what }
action-well-today = Well again, comes today
action-well-from = Well again, comes at { $time }
action-well-on = Well again, comes { $day }
action-extend = Away longer, up to and including { $day }
action-withdraw = Withdraw the report for { $days }
action-undo = Undo
action-close-roll = Roll taken
action-mark-seen = Seen
action-accept = Accept
action-refuse = Do not accept
action-call-at-home = Is at home
action-call-should-be-at-school = Should be at school
action-call-other = Something else
action-call-not-reached = No answer
action-handle-follow-up = Mark as dealt with
action-reopen-follow-up = Not dealt with yet
action-read = Read
mark-present = Present
mark-late = Came late
mark-absent = Away
mark-left-early = Left early
mark-sent-home = Sent home sick

# Roll and board.
roll-none = No roll today
roll-open = Roll not taken yet
roll-untaken = Roll untaken
roll-taken = Roll taken { $time } by { $who }
roll-no-such-lesson = { $group } has lessons { $first }–{ $last } and no other.
roll-no-lessons = { $group } has one roll a day and no lessons.
untaken-day = Roll untaken: { $group }, { $day }
untaken-lessons = Roll untaken: { $group }, { $day }: { $lessons }
board-expected = { $count } expected
board-present = { $count } present
board-sick = { $count } sick
board-away = { $count } otherwise away
board-on-leave = { $count } on leave
board-unexplained = { $count } unexplained
board-explained = { $count } explained afterwards
board-gone = { $count } gone home
board-unmarked = { $count } not marked
board-unseen = { $count ->
    [one] One new report
   *[other] { $count } new reports
}
board-to-judge = { $count ->
    [one] One explanation waits for an answer
   *[other] { $count } explanations wait for an answer
}
signal = { $name }: { $threshold } ({ $count } in { $days } days)
signal-handled = Dealt with by { $who } { $time }.
signal-reopened = Waits again, by { $who } { $time }.
follow-ups-empty = No absence to follow up at the moment.
explanations-empty = No explanation waits for an answer.
alarm = { $when ->
   *[today] { $name } is missing { $day }! Home says that the pupil should be at school. Noted by { $who } { $time }.
    [earlier] { $name } has been missing since { $day }! Home says that the pupil should be at school. Noted by { $who } { $time }.
}
waiting-more = { $what ->
    [rolls] More rolls: { $count }
    [explanations] More explanations: { $count }
   *[signals] More follow-ups: { $count }
}

# The office.
office-calls = { $count ->
    [0] No home to call
    [one] One home to call
   *[other] { $count } homes to call
}
office-rolls = { $count ->
    [0] Every roll that is due today is taken
    [one] One of today's rolls is untaken
   *[other] { $count } of today's rolls are untaken
}
office-no-roll = { $count ->
    [one] One pupil is on no roll today
   *[other] { $count } pupils are on no roll today
}
office-inside = { $count } in the building, { $uncertain } uncertain
absences-empty = No absence on those days.
calls-empty = Nobody to call at the moment.
call-open = Away without explanation { $day }. On the call list since { $time }.
call-closed = Away without explanation { $day }. Settled { $time }.
call-reached = { $who } called { $whom } { $time }: answered
call-at-home = { $who } called { $whom } { $time }: is at home
call-should-be-at-school = { $who } called { $whom } { $time }: should be at school
call-other = { $who } called { $whom } { $time }: something else
call-not-reached = { $who } called { $whom } { $time }: no answer
call-somebody-at-home = the home
adult-speaks = { $kind }, speaks { $language }
adult-phone-protected = Protected details: the number is only in the school's own folder
adult-phone-unknown = No number here: see the school's register
evacuation-of-school = The whole school
evacuation-of-groups = Only { $groups }
evacuation-inside = In the building
evacuation-uncertain = Uncertain

# Inbox, outbox, figures and who can read.
inbox-empty = No notices.
outbox-empty = Everything you have sent has arrived.
outbox-clock-ahead = This phone's clock was ahead when you said this. Check that it became the right day.
outbox-refused = The school could not take it
stats-heading = School year { $year }, until { $day }
stats-summary = Away { $count } of { $total } school days
stats-by-cause = Days by cause
stats-by-validity = Days by validity
stats-whole-days = { $count ->
    [one] one whole day
   *[other] { $count } whole days
}
stats-occasions = { $count ->
    [one] one occasion
   *[other] { $count } occasions
}
stats-longest-run = { $count ->
    [one] at most one day in a row
   *[other] at most { $count } days in a row
}
stats-late = { $count ->
    [one] one late arrival
   *[other] { $count } late arrivals
}
readers-of-child = Who can read about { $name }: { $topic }
readers-of = Who can read: { $topic }
readers-strong = Read with a strong login only.
reader-you = you
readers-barred = Barred from the pupil
reader-itself = It is about this person
reader-role-in-group = { $role }, { $group }
