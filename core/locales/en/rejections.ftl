# Why something could not be done, and what can be done instead.
rejection-not_yours = This is not yours to see or change, or it is no longer there.
    .instead = If you think that is wrong, call the school's office.
rejection-not_a_persons_command = The school's server does this by itself.
    .instead = There is nothing for you to do.
rejection-id_reused = This was mixed up with something that had already been sent.
    .instead = Please do it once more from the beginning.
rejection-dependency_rejected = What this was built on did not go through.
    .instead = See first what happened to that, and do this again if it is still needed.
rejection-malformed = The school's server could not read this.
    .instead = Update the app and send it again, or call the school.
rejection-command_too_long = This is too long for the school's server.
    .instead = Split it up and send it again, or call the school.
rejection-own_child = As staff you cannot decide what concerns yourself or your own child.
    .instead = Ask a colleague to do it.
rejection-nothing_named = Nobody is chosen.
    .instead = Choose at least one.
rejection-too_many = At most { $most } at a time.
    .instead = Divide it into several.
rejection-note_too_long = The note can have at most { $most } characters.
    .instead = Make it shorter, or call the school.
rejection-span_reversed = The last day comes before the first.
    .instead = Change the days.
rejection-part_outside_day = The time is outside the school day, which is { $day_starts }–{ $day_ends }.
    .instead = Choose a time in the school day, or all day.
rejection-not_in_session = There is no school on those days.
    .instead = { $known ->
        [yes] The next school day is { $next }.
       *[no] You need not report anything.
    }
rejection-too_far_ahead = You can report up to { $last }.
    .instead = Report later days when they are nearer.
rejection-too_far_back = Days before { $first } can no longer be changed here.
    .instead = Call the school's office.
rejection-run_too_long = One report can be for at most { $most_days ->
        [one] one school day
       *[other] { $most_days } school days
    }.
    .instead = Report the first days now, and call the school about the rest.
rejection-one_day_at_a_time = This school takes one day at a time.
    .instead = Report one day now. Once that school day is over, you can extend it to the next.
rejection-no_absence = There is no reported absence to end, extend or withdraw.
    .instead = Make a new report if your child is away.
rejection-already_started = The absence began { $started } and cannot be withdrawn.
    .instead = Choose Well again, and it ends.
rejection-not_longer = The absence already lasts until { $ends }.
    .instead = Choose a later day, or Well again if it is to be shorter.
rejection-already_reported = { $pupil } is already reported: { $kind }, { $days }. Reported by { $by }.
    .instead = You need not report it again.
rejection-already_well = { $pupil } is already reported well again, back { $back }. Reported by { $by }.
    .instead = You need not report it again.
rejection-already_explained = { $pupil }: the absence { $day } is already explained by { $by } and waits for the school's answer.
    .instead = You need not explain it again.
rejection-marked_present = The school has marked the child as present { $day }.
    .instead = Call the school if that is wrong, and staff can change it.
rejection-nothing_to_explain = There is no unexplained absence there.
    .instead = There is nothing for you to do.
rejection-already_judged = { $accepted ->
    [yes] The school has already accepted an explanation.
   *[no] The school has already answered, and did not accept the explanation.
}
    .instead = If you want to add something, talk to the contact teacher. The school can change its answer.
rejection-no_explanation = No explanation has come yet.
    .instead = Wait for the home, or call them.
rejection-reason_needed = A no needs a reason that the guardians can read.
    .instead = Write a sentence or two.
rejection-not_in_group = { $pupil } is not in the group that day.
    .instead = Check that the group and the day are right.
rejection-no_such_session = There is no such lesson that day.
    .instead = Choose another lesson, or all day.
rejection-roll_not_open = The roll for { $day } cannot be taken now.
    .instead = Take the roll on the day. Ask the office to correct what is older.
rejection-marked_twice = { $pupil } is marked twice.
    .instead = Remove one of the marks.
rejection-no_mark = There is no mark to undo.
    .instead = Mark again if something is to change.
rejection-undo_too_late = You can undo only in { $seconds ->
        [one] the first second
       *[other] the first { $seconds } seconds
    }.
    .instead = Mark again instead.
rejection-roll_closed = The roll has been taken already, { $at } by { $by }.
    .instead = Mark single pupils if something has changed.
rejection-roll_not_begun = A roll is not closed before it begins. It begins at { $starts }.
    .instead = Mark single pupils already now, and close it when everybody is there.
rejection-note_needed = Say in a few words what home said.
    .instead = Or choose Is at home, or Should be at school.
rejection-not_on_call_list = There is nobody to call here.
    .instead = Perhaps somebody has had an answer already. See the list.
rejection-cannot_delegate_to = You can pass this on only to an adult without custody whom the school has confirmed.
    .instead = Ask the school's office.
rejection-topic_not_delegable = That topic cannot be passed on in the app.
    .instead = Talk with the school.
rejection-cannot_assign = You cannot give the assignment { $role } there.
    .instead = Assignments with the children are for one group each. Those for the whole school are the principal's to give. Nobody gives one to themselves.
rejection-kind_needed = Nothing says what the adult is to the pupil.
    .instead = Say what the adult is, such as guardian or foster home.
rejection-name_needed = A new person needs both a given name and a family name.
    .instead = Write both names.
rejection-name_too_long = The given name and the family name can have at most { $most } characters each.
    .instead = Make the name shorter.
rejection-end_needed = A substitute needs a last day that is not over, { $latest } at the latest.
    .instead = Give the last day. It can be extended later.
rejection-blocked = This person is barred from the pupil.
    .instead = The bar must be lifted first. The principal does that.
rejection-not_adult = Only a pupil of age can consent for themselves.
    .instead = Wait until the 18th birthday.
rejection-assurance_span = A strong login can last until { $latest } at most.
    .instead = Choose a time before that.
rejection-not_due = It is not time for this, or it has been done already.
    .instead = There is nothing for you to do.
rejection-newer = The school's server said no for a reason that this version of the app does not know.
    .instead = Update the app, or call the school.
