import Skolebro

/// The library's values as a story sees them: built field by field, so that a field that is lost on the way fails here.
enum Shown {
    static func refusal(_ refusal: Refusal) -> Json {
        object(["code": refusal.code, "text": refusal.text, "instead": refusal.instead])
    }

    static func capacity(_ capacity: Capacity) -> Json {
        switch capacity {
        case .home: .text("home")
        case .staff(let role): .text(snake(role))
        case .system: .text("system")
        }
    }

    static func device(_ device: DeviceEntry) -> Json {
        object(["name": device.name, "this": device.this, "revoked": device.revokedAt != nil])
    }

    private static func button(_ action: Action) -> Json {
        object(["does": snake(action.does), "label": action.label])
    }

    private static func report(_ line: ReportLine) -> Json {
        object([
            "text": line.text, "delivery": snake(line.delivery.state), "delivery_text": line.delivery.text,
            "late": line.late, "note": line.note, "over": line.over,
        ])
    }

    private static func childToday(_ child: ChildToday) -> Json {
        object([
            "name": child.pupil.name,
            "closed": child.closed,
            "status": snake(child.today.status.state),
            "state": child.today.status.text,
            "delivery": child.delivery.map { snake($0.state) },
            "delivery_text": child.delivery?.text,
            "reports": child.reports.map(report),
            "cutoff": child.cutoff.map {
                object(["at": String($0.at.description.prefix(5)), "past": $0.past, "text": $0.text])
            },
            "check": child.check,
            "actions": child.actions.map(button),
        ])
    }

    static func today(_ screen: HomeToday) -> Json {
        let mail = screen.mail
        return object([
            "school_name": screen.schoolName,
            "heading": screen.heading,
            "empty": screen.empty,
            "note_warning": screen.noteWarning,
            "children": screen.children.map(childToday),
            "together": screen.together.map(button),
            "mail": object([
                "unread": mail.unread, "unsent": mail.unsent, "refused": mail.refused,
                "unread_text": mail.unreadText, "unsent_text": mail.unsentText, "refused_text": mail.refusedText,
            ]),
            "warning": screen.warning.map { object(["text": $0.text, "phone": $0.phone, "past": $0.past]) },
        ])
    }

    static func child(_ page: Child) -> Json {
        let days = page.days.items.map { day in
            object([
                "day": day.line.day.description,
                "label": day.line.label,
                "status": snake(day.line.status.state),
                "state": day.line.status.text,
                "validity": day.validity?.text,
                "reports": day.reports.map(report),
            ])
        }
        return object([
            "name": page.pupil.name, "groups": page.groups, "next": page.days.next?.description, "days": days,
        ])
    }

    static func roll(_ roll: RollCall) -> Json {
        let rows = roll.rows.map { row in
            object([
                "name": row.row.pupil.name,
                "status": snake(row.row.status.state),
                "state": row.row.status.text,
                "reports": row.row.reports.map(report),
            ])
        }
        return object([
            "name": roll.name, "heading": roll.heading, "roll": roll.roll.text, "rows": rows, "seen": roll.seen.count,
        ])
    }

    static func inbox(_ inbox: Inbox) -> Json {
        let notices = inbox.notices.items.map { notice in
            object([
                "text": notice.text.text, "instead": notice.text.instead, "lock_screen": notice.text.lockScreen,
                "unread": notice.unread, "time": notice.time,
            ])
        }
        return object(["empty": inbox.empty, "more": inbox.notices.next != nil, "notices": notices])
    }

    static func outbox(_ outbox: Outbox) -> Json {
        let items = outbox.items.items.map { line in
            let can = [
                ("mend", line.can.mend), ("resend", line.can.resend), ("dismiss", line.can.dismiss),
                ("take_back", line.can.takeBack),
            ]
            return object([
                "title": line.title,
                "said": line.said,
                "stands": snake(line.state.state),
                "state": line.state.text,
                "not_now": line.notNow,
                "advice": line.advice.map(refusal),
                "refusal": line.refusal.map(refusal),
                "with_it": line.withIt,
                "can": can.filter(\.1).map(\.0),
            ])
        }
        return object(["empty": outbox.empty, "next": outbox.items.next, "items": items])
    }

    static func absences(_ list: AbsenceList) -> Json {
        let items = list.absences.items.map { line in
            object([
                "name": line.pupil.name, "class": line.class, "day": line.line.day.description,
                "status": snake(line.line.status.state), "state": line.line.status.text, "validity": line.validity.text,
            ])
        }
        return object([
            "heading": list.heading, "empty": list.empty, "more": list.absences.next != nil, "items": items,
        ])
    }

    static func warnings(_ warnings: Warnings) -> Json {
        let each = warnings.warnings.map { warning in
            object([
                "text": warning.text, "phone": warning.phone, "cutoff": moment(warning.cutoff),
                "passed": warning.passed, "unsent": warning.unsent,
            ])
        }
        return object(["next": warnings.next.map(moment), "warnings": each])
    }

    static func synced(_ report: SyncReport) -> Json {
        object([
            "ended": snake(report.ended), "sent": report.sent, "accepted": report.accepted, "rejected": report.rejected,
            "not_now": report.notNow,
        ])
    }

    static func syncState(_ state: SyncState) -> Json {
        object(["running": state.running, "is": inAWord(state), "trouble": state.trouble.map(refusal)])
    }
}
