# Hva noen har bedt om, på én linje: utboksens overskrifter.
command-report-absence = { $kind }: { $names }, { $days }
command-on-behalf = for { $adult }
command-phoned = for { $adult }, som ringte { $time }
command-end-absence = Frisk igjen: { $name }, tilbake { $day }
command-extend-absence = Borte lenger: { $name }, til og med { $day }
command-withdraw-absence = Melding trukket tilbake: { $name }, { $days }
command-explain-absence = Forklaring: { $name }, { $day }
command-mark-notice-read = Melding lest
command-delegate-topics = { $adult } kan ta seg av { $topics } for { $name }
command-delegate-nothing = { $adult } tar seg ikke lenger av noe for { $name }
command-mark-roll = Opprop { $group }, { $day }: { $marks }
command-mark = { $name } – { $presence }
command-more-marks = og { $count } til
command-undo-mark = Markering angret: { $name }, { $day }
command-close-roll = Opprop ferdig: { $group }, { $day }
command-mark-seen = { $count ->
    [one] Én melding sett, { $day }
   *[other] { $count } meldinger sett, { $day }
}
command-accept-explanation = Forklaring godtatt: { $name }, { $day }
command-refuse-explanation = Forklaring ikke godtatt: { $name }, { $day }
command-call-reached = Ringt om { $name }: fikk svar
command-call-at-home = Ringt om { $name }: er hjemme
command-call-should-be-at-school = Ringt om { $name }: skal være på skolen
command-call-other = Ringt om { $name }: annen beskjed
command-call-not-reached = Ringt om { $name }: ingen svarte
command-follow-up-handled = Fraværet er fulgt opp: { $name }
command-follow-up-reopened = Oppfølging gjenåpnet: { $name }
command-confirm-adult = { $adult } bekreftet for { $name }: { $kind }
command-block-adult = { $adult } sperret for { $name }
command-lift-block = Sperre opphevet: { $adult } for { $name }
command-add-substitute = Vikar: { $person }, { $role } i { $group } til og med { $day }
command-assign-staff = Rolle: { $person }, { $role }
command-end-assignment = Rolle avsluttet: { $person }, { $role }
command-record-consent = Samtykke: { $name } lar { $adult } lese
command-grant-assurance = Sterk innlogging gitt på stedet: { $person }
command-with = { $told }, { $more }
command-unreadable = Noe som en annen versjon av appen har skrevet
