# What somebody has asked for, in one line: the outbox's titles.
command-report-absence = { $kind }: { $names }, { $days }
command-on-behalf = for { $adult }
command-phoned = for { $adult }, who called { $time }
command-end-absence = Well again: { $name }, back { $day }
command-extend-absence = Away longer: { $name }, until { $day }
command-withdraw-absence = Report withdrawn: { $name }, { $days }
command-explain-absence = Explanation: { $name }, { $day }
command-mark-notice-read = Notice read
command-delegate-topics = { $adult } may see to { $topics } for { $name }
command-delegate-nothing = { $adult } no longer sees to anything for { $name }
command-mark-roll = Roll { $group }, { $day }: { $marks }
command-mark = { $name } – { $presence }
command-more-marks = and { $count } more
command-undo-mark = Mark taken back: { $name }, { $day }
command-close-roll = Roll taken: { $group }, { $day }
command-mark-seen = { $count ->
    [one] One report seen, { $day }
   *[other] { $count } reports seen, { $day }
}
command-accept-explanation = Explanation accepted: { $name }, { $day }
command-refuse-explanation = Explanation not accepted: { $name }, { $day }
command-call-reached = Called about { $name }: answered
command-call-at-home = Called about { $name }: is at home
command-call-should-be-at-school = Called about { $name }: should be at school
command-call-other = Called about { $name }: something else
command-call-not-reached = Called about { $name }: no answer
command-follow-up-handled = Follow-up dealt with: { $name }
command-follow-up-reopened = Follow-up waits again: { $name }
command-confirm-adult = { $adult } confirmed for { $name }: { $kind }
command-block-adult = { $adult } barred from { $name }
command-lift-block = Bar lifted: { $adult } for { $name }
command-add-substitute = Substitute: { $person }, { $role } in { $group } until { $day }
command-assign-staff = Assignment: { $person }, { $role }
command-end-assignment = Assignment ended: { $person }, { $role }
command-record-consent = Consent: { $name } lets { $adult } read
command-grant-assurance = Strong login given face to face: { $person }
command-with = { $told }, { $more }
command-unreadable = Something that another version of the app wrote
