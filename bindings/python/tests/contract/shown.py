"""The library's values as a story sees them: built field by field, so that a field that is lost on the way fails here."""

from __future__ import annotations

import enum
from datetime import timezone
from typing import Any

from skolebro import (
    AbsenceLine,
    AbsenceList,
    Action,
    Capacity,
    Child,
    ChildDay,
    ChildToday,
    HomeToday,
    Inbox,
    Moment,
    NoticeLine,
    Outbox,
    OutboxLine,
    Refusal,
    ReportLine,
    RollCall,
    RollRow,
    SyncReport,
    SyncState,
    UnsentWarning,
    Warnings,
)

Shown = dict[str, Any]


def snake(case: object) -> str:
    """The case of an enum in snake_case, whatever it holds."""
    name = case.name if isinstance(case, enum.Enum) else type(case).__name__.rpartition(".")[2]
    return name.lower()


def moment(at: Moment) -> str:
    return at.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def refusal(refusal: Refusal) -> Shown:
    return {"code": refusal.code, "text": refusal.text, "instead": refusal.instead}


def capacity(capacity: Capacity) -> str:
    return snake(capacity[0]) if isinstance(capacity, Capacity.STAFF) else snake(capacity)


def _buttons(actions: list[Action]) -> list[Shown]:
    return [{"does": snake(action.does), "label": action.label} for action in actions]


def _reports(lines: list[ReportLine]) -> list[Shown]:
    return [
        {
            "text": line.text,
            "delivery": snake(line.delivery.state),
            "delivery_text": line.delivery.text,
            "late": line.late,
            "note": line.note,
            "over": line.over,
        }
        for line in lines
    ]


def _child_today(child: ChildToday) -> Shown:
    cutoff = child.cutoff
    return {
        "name": child.pupil.name,
        "closed": child.closed,
        "status": snake(child.today.status.state),
        "state": child.today.status.text,
        "delivery": child.delivery and snake(child.delivery.state),
        "delivery_text": child.delivery and child.delivery.text,
        "reports": _reports(child.reports),
        "cutoff": cutoff and {"at": cutoff.at.strftime("%H:%M"), "past": cutoff.past, "text": cutoff.text},
        "check": child.check,
        "actions": _buttons(child.actions),
    }


def today(screen: HomeToday) -> Shown:
    mail, warning = screen.mail, screen.warning
    return {
        "school_name": screen.school_name,
        "heading": screen.heading,
        "empty": screen.empty,
        "note_warning": screen.note_warning,
        "children": [_child_today(child) for child in screen.children],
        "together": _buttons(screen.together),
        "mail": {
            "unread": mail.unread,
            "unsent": mail.unsent,
            "refused": mail.refused,
            "unread_text": mail.unread_text,
            "unsent_text": mail.unsent_text,
            "refused_text": mail.refused_text,
        },
        "warning": warning and {"text": warning.text, "phone": warning.phone, "past": warning.past},
    }


def child(page: Child) -> Shown:
    def day(day: ChildDay) -> Shown:
        return {
            "day": day.line.day.isoformat(),
            "label": day.line.label,
            "status": snake(day.line.status.state),
            "state": day.line.status.text,
            "validity": day.validity and day.validity.text,
            "reports": _reports(day.reports),
        }

    return {
        "name": page.pupil.name,
        "groups": page.groups,
        "next": page.days.next and page.days.next.isoformat(),
        "days": [day(one) for one in page.days.items],
    }


def roll(roll: RollCall) -> Shown:
    def row(row: RollRow) -> Shown:
        return {
            "name": row.row.pupil.name,
            "status": snake(row.row.status.state),
            "state": row.row.status.text,
            "reports": _reports(row.row.reports),
        }

    return {
        "name": roll.name,
        "heading": roll.heading,
        "roll": roll.roll.text,
        "rows": [row(one) for one in roll.rows],
        "seen": len(roll.seen),
    }


def inbox(inbox: Inbox) -> Shown:
    def notice(notice: NoticeLine) -> Shown:
        return {
            "text": notice.text.text,
            "instead": notice.text.instead,
            "lock_screen": notice.text.lock_screen,
            "unread": notice.unread,
            "time": notice.time,
        }

    return {
        "empty": inbox.empty,
        "more": inbox.notices.next is not None,
        "notices": [notice(one) for one in inbox.notices.items],
    }


def outbox(outbox: Outbox) -> Shown:
    def item(line: OutboxLine) -> Shown:
        can = {
            "mend": line.can.mend,
            "resend": line.can.resend,
            "dismiss": line.can.dismiss,
            "take_back": line.can.take_back,
        }
        return {
            "title": line.title,
            "said": line.said,
            "stands": snake(line.state.state),
            "state": line.state.text,
            "not_now": line.not_now,
            "advice": line.advice and refusal(line.advice),
            "refusal": line.refusal and refusal(line.refusal),
            "with_it": line.with_it,
            "can": [what for what, may in can.items() if may],
        }

    return {"empty": outbox.empty, "next": outbox.items.next, "items": [item(one) for one in outbox.items.items]}


def absences(found: AbsenceList) -> Shown:
    def item(line: AbsenceLine) -> Shown:
        return {
            "name": line.pupil.name,
            "class": line._class,
            "day": line.line.day.isoformat(),
            "status": snake(line.line.status.state),
            "state": line.line.status.text,
            "validity": line.validity.text,
        }

    return {
        "heading": found.heading,
        "empty": found.empty,
        "more": found.absences.next is not None,
        "items": [item(one) for one in found.absences.items],
    }


def warnings(found: Warnings) -> Shown:
    def warning(warning: UnsentWarning) -> Shown:
        return {
            "phone": warning.phone,
            "cutoff": moment(warning.cutoff),
            "passed": warning.passed,
            "unsent": warning.unsent,
            "text": warning.text,
        }

    return {"next": found.next and moment(found.next), "warnings": [warning(one) for one in found.warnings]}


def synced(report: SyncReport) -> Shown:
    return {
        "ended": snake(report.ended),
        "sent": report.sent,
        "accepted": report.accepted,
        "rejected": report.rejected,
        "not_now": report.not_now,
    }


def in_a_word(state: SyncState) -> str:
    """`syncing`, or else how the last one ended, or `idle` where there was none."""
    if state.syncing:
        return "syncing"
    return snake(state.last.ended) if state.last else "idle"


def sync_state(state: SyncState) -> Shown:
    return {"running": state.running, "is": in_a_word(state), "trouble": state.trouble and refusal(state.trouble)}
