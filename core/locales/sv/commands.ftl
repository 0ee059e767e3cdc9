# Vad någon har bett om, på en rad: utkorgens rubriker.
command-report-absence = { $kind }: { $names }, { $days }
command-on-behalf = för { $adult }
command-phoned = för { $adult }, som ringde { $time }
command-end-absence = Frisk igen: { $name }, tillbaka { $day }
command-extend-absence = Borta längre: { $name }, till och med { $day }
command-withdraw-absence = Anmälan tillbakatagen: { $name }, { $days }
command-explain-absence = Förklaring: { $name }, { $day }
command-mark-notice-read = Meddelande läst
command-delegate-topics = { $adult } får sköta { $topics } för { $name }
command-delegate-nothing = { $adult } sköter inte längre något för { $name }
command-mark-roll = Upprop { $group }, { $day }: { $marks }
command-mark = { $name } – { $presence }
command-more-marks = och { $count } till
command-undo-mark = Markering ångrad: { $name }, { $day }
command-close-roll = Upprop klart: { $group }, { $day }
command-mark-seen = { $count ->
    [one] En anmälan sedd, { $day }
   *[other] { $count } anmälningar sedda, { $day }
}
command-accept-explanation = Förklaring godtagen: { $name }, { $day }
command-refuse-explanation = Förklaring inte godtagen: { $name }, { $day }
command-call-reached = Ringt om { $name }: fick svar
command-call-at-home = Ringt om { $name }: är hemma
command-call-should-be-at-school = Ringt om { $name }: ska vara i skolan
command-call-other = Ringt om { $name }: annat besked
command-call-not-reached = Ringt om { $name }: inget svar
command-follow-up-handled = Uppföljning hanterad: { $name }
command-follow-up-reopened = Uppföljning öppnad igen: { $name }
command-confirm-adult = { $adult } bekräftad för { $name }: { $kind }
command-block-adult = { $adult } spärrad för { $name }
command-lift-block = Spärr hävd: { $adult } för { $name }
command-add-substitute = Vikarie: { $person }, { $role } i { $group } till och med { $day }
command-assign-staff = Uppdrag: { $person }, { $role }
command-end-assignment = Uppdrag avslutat: { $person }, { $role }
command-record-consent = Samtycke: { $name } låter { $adult } läsa
command-grant-assurance = Stark inloggning på plats: { $person }
command-with = { $told }, { $more }
command-unreadable = Något som en annan version av appen skrev
