# Hvad nogen har bedt om, på én linje: udbakkens overskrifter.
command-report-absence = { $kind }: { $names }, { $days }
command-on-behalf = for { $adult }
command-phoned = for { $adult }, som ringede { $time }
command-end-absence = Rask igen: { $name }, tilbage { $day }
command-extend-absence = Væk længere: { $name }, til og med { $day }
command-withdraw-absence = Fraværsmelding trukket tilbage: { $name }, { $days }
command-explain-absence = Forklaring: { $name }, { $day }
command-mark-notice-read = Besked læst
command-delegate-topics = { $adult } må tage sig af { $topics } for { $name }
command-delegate-nothing = { $adult } tager sig ikke længere af noget for { $name }
command-mark-roll = Fremmøde { $group }, { $day }: { $marks }
command-mark = { $name } – { $presence }
command-more-marks = og { $count } til
command-undo-mark = Markering annulleret: { $name }, { $day }
command-close-roll = Fremmøde registreret: { $group }, { $day }
command-mark-seen = { $count ->
    [one] Én fraværsmelding set, { $day }
   *[other] { $count } fraværsmeldinger set, { $day }
}
command-accept-explanation = Forklaring godkendt: { $name }, { $day }
command-refuse-explanation = Forklaring ikke godkendt: { $name }, { $day }
command-call-reached = Ringet om { $name }: fik svar
command-call-at-home = Ringet om { $name }: er hjemme
command-call-should-be-at-school = Ringet om { $name }: burde være i skole
command-call-other = Ringet om { $name }: anden besked
command-call-not-reached = Ringet om { $name }: intet svar
command-follow-up-handled = Fraværet er fulgt op: { $name }
command-follow-up-reopened = Opfølgning genåbnet: { $name }
command-confirm-adult = { $adult } bekræftet for { $name }: { $kind }
command-block-adult = { $adult } spærret for { $name }
command-lift-block = Spærring hævet: { $adult } for { $name }
command-add-substitute = Vikar: { $person }, { $role } i { $group } til og med { $day }
command-assign-staff = Rolle: { $person }, { $role }
command-end-assignment = Rolle afsluttet: { $person }, { $role }
command-record-consent = Samtykke: { $name } lader { $adult } læse
command-grant-assurance = Stærkt login givet på stedet: { $person }
command-with = { $told }, { $more }
command-unreadable = Noget, som en anden version af appen har skrevet
