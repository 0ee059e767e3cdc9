"""The first lines of use, as docs/bindings.md shows them: `python examples/first_lines.py FOLDER SERVER CODE`."""

# [first-lines]
import sys
from datetime import timedelta

import skolebro
from skolebro import AbsenceKind, CommandBody, Draft, IfAdvised, Screen, ScreenRequest, Submission

folder, server, code = sys.argv[1:4]
with skolebro.open(folder, server) as phone, phone.changes() as changes:
    school = phone.enrol(code, "Amals dator").schools[0]
    phone.sync_once(timedelta(seconds=20))
    match phone.screen(school, ScreenRequest.HOME()):
        case Screen.HOME(shown=today):
            print(today.heading, *(f"{child.pupil.name}: {child.today.status.text}" for child in today.children))
            sick = CommandBody.REPORT_ABSENCE(
                pupils=[today.children[0].pupil.id], kind=AbsenceKind.SICK, _from=today.day, to=today.day,
                part=None, note="Feber 🤒", on_behalf_of=None, phoned_at=None,
            )
            draft = Draft(school=school, capacity=skolebro.Capacity.HOME(), body=sick, depends_on=None)
            match phone.submit(draft, IfAdvised.ASK):
                case Submission.KEPT():
                    print("kept on this phone; sent:", phone.sync_once(timedelta(seconds=20)).accepted)
                case Submission.ADVISED(why=why):
                    print(why.text, why.instead)
    print("to be read again:", changes.within(seconds=5))
# [/first-lines]
