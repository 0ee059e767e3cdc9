# What only the terminal says.
cli-which = Which { $what ->
    [child] child
    [group] group
    [adult] adult of that child
    [staff] member of staff
    [person] person
   *[pupil] pupil
}?
cli-which-fits = { $which } { $wanted } fits { $names }
cli-which-there-is = { $which } There is { $names }
cli-which-none = { $which } This phone knows of none of yours.
cli-none-called = No { $what ->
    [child] child
    [group] group
    [adult] adult of that child
    [staff] member of staff
    [person] person
   *[pupil] pupil
} is called { $wanted } here.
cli-there-is = There is { $names }
cli-and-more = and { $count } more
cli-not-sent = Not sent. Say --anyway to send it all the same.
cli-offline-kept = No network is tried; { $command } ends that.
cli-offline = There is no network; { $command } ends that.
cli-only-shown = Nothing new can be fetched or sent, since this phone cannot keep it. What is shown is what was here.
cli-nothing-yet = Nothing has been fetched from the school yet, so this phone knows no names. This was not done: try again when there is a network. If it is urgent, call the school.
cli-office = The school's office: { $phones }
cli-open-to-others = Others on this machine can get at { $paths }, which cannot be closed to them. Take a folder that is yours alone.
cli-kept-aside = What could not be read is kept in { $path }. Check with the school that what you have said has arrived.
cli-day-is = On this phone it is { $day }.
cli-which-phone = Which phone? Name its folder: --phone DIR, or SKOLEBRO_PHONE in the environment.
cli-no-folder = { $path } is no folder. Name a folder for the phone: --phone DIR
cli-which-school = At which school? Say --school NAME.
cli-no-school = No school of this phone is called { $wanted }. There is { $names }
cli-both-sides = You may say this at home and as { $role }: say which with --as home or --as { $role }.
cli-not-signed-in = Nobody is signed in on this phone: { $command }
cli-somebody = Somebody
cli-unsent-of = { $who } has said this on the phone, and it has not reached the school:
cli-unsent-choose = Try again when there is a network. Or add { $option }: then it stays on this phone and is sent when the same person signs in here again.
cli-nothing-of-yesterday = { $name }: there is nothing of the school day before to say again.
cli-say-when = Of another day than today, say when: { $name }@HH:MM.
cli-no-line = There is no line { $number }; there are { $count }.
cli-no-lines = The outbox is empty: there is no line in it.
cli-no-such-line = There is no line { $number }. The lines are { $numbers }.
cli-not-refused = Line { $number } was not refused.
cli-on-its-way = Line { $number } may be on its way or at the school: say the opposite instead.
cli-which-day = Which day? Explanations wait for { $days }. Say --day.
cli-no-signal = { $name }: there is no such follow-up.
cli-which-signal = Which follow-up? There is { $names }. Say --signal.
cli-nobody-waits = Nobody waits to be confirmed.
cli-confirm-kind = Nothing says what { $adult } is to { $child }. Say it with --kind: { $kinds }
cli-code = Code for the next phone of { $name }: { $code }
cli-code-until = Good until { $until }, and once. Give it to { $name } only: it is not shown again. The person's other phones are told of it.
cli-next-phone = Another phone? Ask the school's office for a code.
cli-is-barred = barred
cli-namesake = Two of the staff are called { $name }, and one of them was added here at the school. If they are the same person, end the assignment of the one who was added here.
cli-works-here = { $name } is one of the staff already: give an assignment with assign. If it is somebody else of that name, add --anyway.
cli-no-such-assignment = { $count ->
    [0] { $name } has no assignment here to end.
   *[other] { $name } has no such assignment. What there is: { $held }
}
cli-waits-as = waits to be confirmed; listed as: { $kind }
cli-other-server = This folder is a phone of { $known }; take another folder for { $asked }.
cli-which-server = Which server? Say --server URL.
cli-server-such-as = { $asked } is no server's address. A server is such as https://skolebro.example
cli-server-lost = The school's server's address is gone from the folder or cannot be read. Name it again: { $command }
cli-server-unreachable = { $address } cannot be reached. Check the address and the network, and try again.
cli-server-silent = { $address } did not answer in time. Try again in a while.
cli-server-not-ours = What answers at { $address } is no server of Skolebro. Check the address, and whether it begins with https:// or http://
cli-server-open = Warning: http:// sends your code and what you say in the open. Use https:// but on this machine.
cli-signed-in = { $name }: signed in on this phone
cli-signed-in-nameless = Signed in on this phone
cli-synced = { $sent } sent: { $accepted } accepted, { $refused } refused, { $later } to be sent later; { $received } received
cli-see-outbox = { $command } says what was refused and why.
cli-network-off = No network is tried from now on.
cli-network-on = The network is there again.
cli-enrolled = signed in { $time }
cli-last-seen = last seen { $time }
cli-disconnected = disconnected { $time }
cli-this-phone = this phone

# Help, and what is mistyped.
cli-help-everywhere = For every command
cli-help-help = Print help
cli-help-version = Print version
cli-help-usage = Usage:
cli-help-words = Words
cli-help-options = Options
cli-help-commands = Commands
cli-help-command = COMMAND
cli-help-exit-codes = Exit codes
cli-help-option = OPTIONS
cli-help-default = default
cli-help-values = possible values
cli-help-env = env
cli-exit-0 = done; what was said is at the school
cli-exit-1 = the school's server refused it, or something failed
cli-exit-2 = the command line cannot be understood, or a name fits nobody or several
cli-exit-3 = kept on this phone only; it is sent when the server can be reached
cli-exit-4 = not done: the phone warns or asks first; --anyway or --keep-waiting goes on all the same
cli-exit-5 = nobody is signed in on this phone, or it was disconnected
cli-misread-no-value = { $option } needs a value.
cli-misread-value = { $value } cannot be understood as { $option }.
cli-misread-unknown = { $option } is not known here.
cli-misread-conflict = { $option } cannot be used together with { $other }.
cli-misread-missing = This is missing: { $options }.
cli-misread-twice = { $option } is given more than once.
cli-misread-which-command = Say which command.
cli-misread-how-many = { $option } has too many values, or too few.
cli-misread-other = The command line cannot be understood.
cli-misread-choices = Possible values: { $choices }.
cli-misread-nearest = Do you mean { $nearest }?
cli-misread-help = More help: { $option }
cli-such-as-day = a day is today, tomorrow, yesterday, a weekday such as Monday, or a date such as 2026-10-12.
cli-such-as-time = a time is such as 08:20.
cli-such-as-part = a part of the day is such as 08:00-10:00.
cli-such-as-part-order = a part of the day ends after it starts, such as 08:00-10:00.
cli-such-as-name-at = a name, or a name and a time, such as Liv@08:20.
cli-such-as-line = a line's number, or all.
cli-such-as-language = the languages are sv, da, nb and en.
cli-such-as-seconds = a number of seconds between 0 and 3600.
cli-such-as-reached = home, school, other or no.
cli-such-as-reached-yes = what did home say? home: the child is there; school: it should be at school; other: something else, with --note.
cli-such-as-number = a whole number.
