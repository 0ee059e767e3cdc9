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
cli-which-phone = Which phone? Name its folder: --phone DIR, or SKOLEBRO_PHONE in the environment.
cli-which-school = At which school? Say --school NAME.
cli-no-school = No school of this phone is called { $wanted }. There is { $names }
cli-both-sides = You may say this at home and as { $role }: say which with --as home or --as { $role }.
cli-not-signed-in = Nobody is signed in on this phone: { $command }
cli-nothing-of-yesterday = { $name }: there is nothing of the school day before to say again.
cli-say-when = Of another day than today, say when: { $name }@HH:MM.
cli-no-line = There is no line { $number }; there are { $count }.
cli-not-refused = Line { $number } was not refused.
cli-on-its-way = Line { $number } may be on its way or at the school: say the opposite instead.
cli-nobody-waits = Nobody waits to be confirmed.
cli-confirm-kind = Nothing says what { $adult } is to { $child }. Say it with --kind: { $kinds }
cli-code = Code for the next phone of { $name }: { $code }
cli-code-until = Good until { $until }, and once. Give it to { $name } only: it is not shown again. The person's other phones are told of it.
cli-next-phone = Another phone? Ask the school's office for a code.
cli-is-barred = barred
cli-namesake = Two of the staff are called { $name }, and one of them was added here at the school. If they are the same person, end the assignment of the one who was added here.
cli-works-here = { $name } is one of the staff already: give an assignment with assign. If it is somebody else of that name, add --anyway.
cli-waits-as = waits to be confirmed; listed as: { $kind }
cli-other-server = This folder is a phone of { $known }; take another folder for { $asked }.
cli-which-server = Which server? Say --server URL.
cli-server-such-as = A server is such as https://skolebro.example
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
