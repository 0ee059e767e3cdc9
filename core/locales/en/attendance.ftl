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

# No name: others may see this text.
unsent-near-cutoff = Something has not reached the school yet. The school would like to know by { $cutoff }. If you have no network, call { $phone }.
unsent-past-cutoff = Something has not reached the school, and it is past { $cutoff }. Call { $phone }, and they will know.
note-warning = For practical things, such as when your child comes back. Please write nothing about illness or health here – call instead.
