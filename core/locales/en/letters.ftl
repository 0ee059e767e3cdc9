# The letter with the activation code. One sheet per person; read on paper.
letter-title = Your code for Skolebro
letter-greeting = Hello { $name },
letter-why-home = { $school } uses Skolebro. There you report absence and see what the school knows of it, even while your phone has no signal.
letter-why-staff = { $school } uses Skolebro. There you call the roll and see what homes have reported.
letter-steps = What to do
letter-step-install = Install the app Skolebro on your phone.
letter-step-scan = Open the app and point the camera at the square below, or type the code.
letter-step-done = Done. The phone is your key, so keep a screen lock on it.
letter-code = Your code
letter-server = The school's address
letter-valid = The code is valid up to and including { $date } and can be used once.
letter-keep = The code is personal. Do not give it to anybody else.
letter-keep-home = The code is yours alone. Other adults get their own from the school if they are to have one.
letter-lost = Is the code lost, expired or already used? Call the school on { $phone } and you will get a new one.
letter-lost-no-phone = Is the code lost, expired or already used? Ask the school and you will get a new one.
letter-without = You would rather not, or cannot, use an app? Call the school as before. You get the same help.
letter-sender = Kind regards, { $school }

# The list for handing out, for the school's office. No codes stand on it.
list-title = List for handing out, { $group }
list-made = Made on { $date }. The codes are valid up to and including { $until }.
list-keep = The list and the letters hold personal data. Delete the files once the letters are printed.
list-person = To
list-pupils = Children
list-note = Mind
list-protected = Protected identity: hand it over in person.
list-left-title = Got no code
list-left-pending = Waits for the school to confirm the relation.
list-left-blocked = Blocked for the child.
list-left-nothing = Has no current relation or delegation that gives access.
list-left-no-name = Has no name in the roster.
list-left-has-code = Has a letter of { $date } already, and its code still works.
