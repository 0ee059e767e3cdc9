# Låseskærmen: hverken navn eller indhold, og samme tekst uanset hvad det drejer sig om.
notice-lock-screen = Der er noget nyt i Skolebro.

notice-unexplained = { $child } er ikke mødt i skole ({ $day }), og vi ved ikke hvorfor.
notice-unexplained-instead = Giv os gerne besked, eller ring til skolen.
notice-unexplained-corrected = Vi ved nu, hvad der gælder for { $child } ({ $day }). Du behøver ikke at gøre mere.
notice-check = { $child } er registreret som til stede ({ $day }), men er også meldt fraværende.
notice-check-instead = Se gerne efter, hvor barnet er, og kontakt skolen.
notice-check-corrected = Det passer nu for { $child } ({ $day }). Du behøver ikke at gøre mere.
notice-sent-home = { $child } havde det ikke godt og er sendt hjem ({ $day }).
notice-sent-home-instead = Giv gerne besked, hvis det bliver til flere dage.
notice-sent-home-corrected = Skolen har rettet: { $child } blev ikke sendt hjem ({ $day }).
notice-accepted = Tak, skolen har godkendt din forklaring for { $child } ({ $day }).
notice-refused = Skolen har ikke godkendt forklaringen for { $child } ({ $day }). Du kan læse hvorfor på barnets side.
notice-judged = Skolen har svaret på forklaringen for { $child } ({ $day }).
notice-delegation = Det, du kan se og gøre for { $child }, er ændret ({ $day }).
notice-code = Skolen har lavet en kode, så du kan logge ind på en ny telefon ({ $day }).
notice-code-instead = Har du ikke bedt om den? Ring straks til skolen.
