"""What a step says, read: a form that is filled in by hand, a button that is found on a screen, days and names."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from skolebro import (
    AbsenceKind,
    Action,
    Capacity,
    CommandBody,
    Draft,
    IfAdvised,
    Language,
    PartOfDay,
    Phone,
    Role,
    Screen,
    ScreenRequest,
)

from .shown import snake

if TYPE_CHECKING:
    from .story import Story

Step = dict[str, Any]


def day(step: Step, field: str) -> date:
    return date.fromisoformat(step[field])


def moment(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S%z")


def language(tag: str) -> Language:
    return Language[tag.upper()]


def if_advised(step: Step) -> IfAdvised:
    return IfAdvised[step.get("if_advised", "send_anyway").upper()]


def report(story: Story, step: Step) -> CommandBody:
    """The form of an absence, filled in."""
    part = step.get("part")
    return CommandBody.REPORT_ABSENCE(
        pupils=[story.person(name) for name in step["children"]],
        kind=AbsenceKind[step["kind"].upper()],
        _from=day(step, "from"),
        to=day(step, "to" if "to" in step else "from"),
        part=PartOfDay(_from=time.fromisoformat(part["from"]), to=time.fromisoformat(part["to"])) if part else None,
        note=step.get("note"),
        on_behalf_of=None,
        phoned_at=None,
    )


def draft(story: Story, step: Step) -> Draft:
    named = step.get("capacity", "home")
    capacity = Capacity.HOME() if named == "home" else Capacity.STAFF(Role[named.upper()])
    depends_on = story.items[step["depends_on"]] if "depends_on" in step else None
    return Draft(school=story.school, capacity=capacity, body=report(story, step), depends_on=depends_on)


def button(story: Story, phone: Phone, step: Step) -> Draft:
    """The first button of that screen that does what the step says, as a draft."""
    actions = _buttons(story, phone, step)
    for action in actions:
        # `mark` has several: the label tells them apart.
        if snake(action.does) == step["does"] and action.label == step.get("label", action.label):
            return Draft(school=story.school, capacity=action.capacity, body=action.body, depends_on=None)
    raise AssertionError(f"no button {step['does']} among {[snake(action.does) for action in actions]}")


def _buttons(story: Story, phone: Phone, step: Step) -> list[Action]:
    wanted = step.get("child")
    match step["on"]:
        case "today":
            home = phone.screen(story.school, ScreenRequest.HOME())
            assert isinstance(home, Screen.HOME)
            if wanted is None:
                return home.shown.together
            child = next(one for one in home.shown.children if one.pupil.id == story.person(wanted))
            return [*child.actions, *(action for asked in child.to_explain for action in asked.actions)]
        case "roll":
            roll = phone.screen(story.school, roll_of(story, step))
            assert isinstance(roll, Screen.ROLL)
            if wanted is None:
                return [*roll.shown.seen, *([roll.shown.close] if roll.shown.close else [])]
            row = next(one for one in roll.shown.rows if one.row.pupil.id == story.person(wanted))
            return [*([row.undo] if row.undo else []), *row.marks]
        case "inbox":
            inbox = phone.screen(story.school, ScreenRequest.NOTICES(after=None, limit=20))
            assert isinstance(inbox, Screen.NOTICES)
            return [notice.read for notice in inbox.shown.notices.items if notice.read]
        case other:
            raise AssertionError(f"no screen {other}")


def roll_of(story: Story, step: Step) -> ScreenRequest:
    return ScreenRequest.ROLL(group=story.group(step["group"]), day=day(step, "day"), session=None)
