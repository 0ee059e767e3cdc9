# Låsskärmen: varken namn eller innehåll, och samma text vad det än gäller.
notice-lock-screen = Det finns något nytt i Skolebro.

notice-unexplained = { $child } är inte i skolan ({ $day }), och vi vet inte varför.
notice-unexplained-instead = Berätta gärna för oss, eller ring skolan.
notice-unexplained-corrected = Vi vet nu vad som gäller för { $child } ({ $day }). Du behöver inte göra något mer.
notice-check = { $child } är markerad som på plats ({ $day }), men är också anmäld som frånvarande.
notice-check-instead = Kontrollera gärna var barnet är och hör av dig till skolan.
notice-check-corrected = Det stämmer nu för { $child } ({ $day }). Du behöver inte göra något mer.
notice-sent-home = { $child } mådde inte bra och fick gå hem ({ $day }).
notice-sent-home-instead = Anmäl gärna om det blir fler dagar.
notice-sent-home-corrected = Skolan har rättat: { $child } skickades inte hem ({ $day }).
notice-accepted = Tack, skolan har godtagit din förklaring för { $child } ({ $day }).
notice-refused = Skolan har inte godtagit förklaringen för { $child } ({ $day }). Du kan läsa varför på barnets sida.
notice-judged = Skolan har svarat på förklaringen för { $child } ({ $day }).
notice-delegation = Det du kan se och göra för { $child } har ändrats ({ $day }).
notice-code = Skolan har skapat en kod till en ny telefon åt dig ({ $day }).
notice-code-instead = Har du inte bett om den? Ring skolan genast.
