# Låseskjermen: verken navn eller innhold, og samme tekst uansett hva det gjelder.
notice-lock-screen = Det er noe nytt i Skolebro.

notice-unexplained = { $child } er ikke på skolen ({ $day }), og vi vet ikke hvorfor.
notice-unexplained-instead = Gi oss gjerne beskjed, eller ring skolen.
notice-unexplained-corrected = Vi vet nå hva som gjelder for { $child } ({ $day }). Du trenger ikke å gjøre noe mer.
notice-check = { $child } er registrert som til stede ({ $day }), men er også meldt fraværende.
notice-check-instead = Sjekk gjerne hvor barnet er, og ta kontakt med skolen.
notice-check-corrected = Det stemmer nå for { $child } ({ $day }). Du trenger ikke å gjøre noe mer.
notice-sent-home = { $child } var ikke i form og er sendt hjem ({ $day }).
notice-sent-home-instead = Gi gjerne beskjed hvis det blir flere dager.
notice-sent-home-corrected = Skolen har rettet: { $child } ble ikke sendt hjem ({ $day }).
notice-accepted = Takk, skolen har godtatt forklaringen din for { $child } ({ $day }).
notice-refused = Skolen har ikke godtatt forklaringen for { $child } ({ $day }). Du kan lese hvorfor på barnets side.
notice-judged = Skolen har svart på forklaringen for { $child } ({ $day }).
notice-delegation = Det du kan se og gjøre for { $child }, er endret ({ $day }).
notice-code = Skolen har laget en kode slik at du kan logge inn på en ny telefon ({ $day }).
notice-code-instead = Har du ikke bedt om den? Ring skolen med en gang.
