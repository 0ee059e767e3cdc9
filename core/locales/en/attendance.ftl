# Absence and presence.
absence-sick = Sick
absence-appointment = Appointment
absence-other = Other absence

presence-present = Present
presence-late = Came late, { $time }
presence-unexplained = Away, and nobody has said why
presence-left-early = Left early, { $time }
presence-sent-home = Sent home sick, { $time }

validity-unjudged = Not judged
validity-valid = Valid
validity-invalid = Not valid

# How far a report has come.
delivery-here = On this phone only
delivery-at-school = At the school
delivery-seen = Seen by { $name } { $time }
delivery-of-report = Report: { $reached }

# No name: others may see this text.
unsent-near-cutoff = Something has not reached the school yet. The school would like to know by { $cutoff }. If you have no network, call { $phone }.
unsent-past-cutoff = Something has not reached the school, and it is past { $cutoff }. Call { $phone }, and they will know.
note-warning = For practical things, such as when your child comes back. Please write nothing about illness or health here – call instead.

absence-extent = { $kind }, { $extent }
status-not-in-session = No school
status-nothing-noted = Nothing noted
status-expected = Expected at school
status-present-since = Present since { $time }
status-back = Well again, expected at school
status-back-at = Expected back at { $time }
status-on-leave = On leave
status-explained = Away, the explanation waits for an answer
status-accepted = Away, the explanation was accepted
status-refused = Away, the explanation was not accepted

# Who said what, and when.
report-line = { $what }. Reported by { $who } { $filed }.
report-line-waited = { $what }. Reported by { $who } { $filed }, with the school { $received }.
report-for = { $who } for { $teller }
report-late = Reported after { $cutoff }
report-over = { $line } No longer holds.
ended-withdrawn = Withdrawn by { $who } { $time }
ended-back-at = Back at { $back }. Said by { $who } { $time }.
ended-well = Well again. Said by { $who } { $time }.
mark-line = { $what }. Noted by { $who } { $time }.
mark-in-lesson = { $what }, { $lesson }
explanation-line = Explanation: { $what }. Written by { $who } { $time }.
judgement-accepted = Accepted by { $who } { $time }.
judgement-refused = Not accepted by { $who } { $time }.
check-home = The school has noted { $child } as present, but an absence is reported. Please get in touch with the school.
check-own = The school has noted you as present, but an absence is reported. Please get in touch with the school.
check-staff = { $child } is noted as present and reported as away. Please check where the pupil is.
cause-unexplained = Unexplained
