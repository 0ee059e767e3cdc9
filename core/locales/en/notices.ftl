# The lock screen: neither name nor content, and the same text whatever it is about.
notice-lock-screen = There is something new in Skolebro.

notice-unexplained = { $child } is not at school ({ $day }), and we do not know why.
notice-unexplained-instead = Please tell us, or call the school.
notice-unexplained-corrected = We now know about { $child } ({ $day }). There is nothing more for you to do.
notice-check = { $child } is marked as present ({ $day }), but is also reported as away.
notice-check-instead = Please check where your child is, and get in touch with the school.
notice-check-corrected = It is in order now for { $child } ({ $day }). There is nothing more for you to do.
notice-sent-home = { $child } did not feel well and was sent home ({ $day }).
notice-sent-home-instead = Please report it if there will be more days.
notice-sent-home-corrected = The school has corrected this: { $child } was not sent home ({ $day }).
notice-accepted = Thank you, the school has accepted your explanation for { $child } ({ $day }).
notice-refused = The school has not accepted the explanation for { $child } ({ $day }). You can read why on your child's page.
notice-judged = The school has answered the explanation for { $child } ({ $day }).
notice-delegation = What you can see and do for { $child } has changed ({ $day }).
notice-code = The school has made a code for a new phone of yours ({ $day }).
notice-code-instead = Did you not ask for it? Call the school at once.
