package app.skolebro.contract

import app.skolebro.core.AbsenceList
import app.skolebro.core.Action
import app.skolebro.core.Capacity
import app.skolebro.core.Child
import app.skolebro.core.ChildToday
import app.skolebro.core.DeviceEntry
import app.skolebro.core.HomeToday
import app.skolebro.core.Inbox
import app.skolebro.core.Moment
import app.skolebro.core.Outbox
import app.skolebro.core.OutboxLine
import app.skolebro.core.Refusal
import app.skolebro.core.ReportLine
import app.skolebro.core.RollCall
import app.skolebro.core.SyncReport
import app.skolebro.core.Who
import app.skolebro.ffi.SyncState
import app.skolebro.ffi.Warnings
import java.time.temporal.ChronoUnit
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject

// The library's values as a story sees them: built field by field, so that a field that is lost on the way fails here.

/** The case of an enum in snake_case, whatever it holds. */
fun snake(case: Any): String {
    val name = if (case is Enum<*>) return case.name.lowercase() else case.javaClass.simpleName
    return name.replace(Regex("(?<!^)([A-Z])"), "_$1").lowercase()
}

fun moment(at: Moment): String = at.truncatedTo(ChronoUnit.SECONDS).toString()

fun refusal(refusal: Refusal): JsonObject =
    fields("code" to refusal.code, "text" to refusal.text, "instead" to refusal.instead)

fun capacity(capacity: Capacity): JsonElement =
    json(if (capacity is Capacity.Staff) snake(capacity.v1) else snake(capacity))

fun who(story: Story, who: Who?): JsonObject =
    fields("person" to who?.let { story.nameOf(it.person) }, "standing" to who?.let { snake(it.standing) })

fun devices(devices: List<DeviceEntry>): JsonElement =
    json(devices.map { fields("name" to it.name, "this" to it.`this`, "revoked" to (it.revokedAt != null)) })

private fun buttons(actions: List<Action>) = actions.map { fields("does" to snake(it.does), "label" to it.label) }

private fun reports(lines: List<ReportLine>) = lines.map {
    fields(
        "text" to it.text,
        "delivery" to snake(it.delivery.state),
        "delivery_text" to it.delivery.text,
        "late" to it.late,
        "note" to it.note,
        "over" to it.over,
    )
}

private fun childToday(child: ChildToday) = fields(
    "name" to child.pupil.name,
    "closed" to child.closed,
    "status" to snake(child.today.status.state),
    "state" to child.today.status.text,
    "delivery" to child.delivery?.let { snake(it.state) },
    "delivery_text" to child.delivery?.text,
    "reports" to reports(child.reports),
    "cutoff" to child.cutoff?.let { fields("at" to it.at.toString(), "past" to it.past, "text" to it.text) },
    "check" to child.check,
    "actions" to buttons(child.actions),
)

fun today(screen: HomeToday): JsonObject = fields(
    "school_name" to screen.schoolName,
    "heading" to screen.heading,
    "empty" to screen.empty,
    "note_warning" to screen.noteWarning,
    "children" to screen.children.map(::childToday),
    "together" to buttons(screen.together),
    "mail" to screen.mail.let {
        fields(
            "unread" to it.unread,
            "unsent" to it.unsent,
            "refused" to it.refused,
            "unread_text" to it.unreadText,
            "unsent_text" to it.unsentText,
            "refused_text" to it.refusedText,
        )
    },
    "warning" to screen.warning?.let { fields("text" to it.text, "phone" to it.phone, "past" to it.past) },
)

fun child(page: Child): JsonObject = fields(
    "name" to page.pupil.name,
    "groups" to page.groups,
    "next" to page.days.next?.toString(),
    "days" to page.days.items.map {
        fields(
            "day" to it.line.day.toString(),
            "label" to it.line.label,
            "status" to snake(it.line.status.state),
            "state" to it.line.status.text,
            "validity" to it.validity?.text,
            "reports" to reports(it.reports),
        )
    },
)

fun roll(roll: RollCall): JsonObject = fields(
    "name" to roll.name,
    "heading" to roll.heading,
    "roll" to roll.roll.text,
    "rows" to roll.rows.map {
        fields(
            "name" to it.row.pupil.name,
            "status" to snake(it.row.status.state),
            "state" to it.row.status.text,
            "reports" to reports(it.row.reports),
        )
    },
    "seen" to roll.seen.size,
)

fun inbox(inbox: Inbox): JsonObject = fields(
    "empty" to inbox.empty,
    "more" to (inbox.notices.next != null),
    "notices" to inbox.notices.items.map {
        fields(
            "text" to it.text.text,
            "instead" to it.text.instead,
            "lock_screen" to it.text.lockScreen,
            "unread" to it.unread,
            "time" to it.time,
        )
    },
)

private fun outboxLine(line: OutboxLine): JsonObject {
    val can = listOf(
        "mend" to line.can.mend,
        "resend" to line.can.resend,
        "dismiss" to line.can.dismiss,
        "take_back" to line.can.takeBack,
    )
    return fields(
        "title" to line.title,
        "said" to line.said,
        "stands" to snake(line.state.state),
        "state" to line.state.text,
        "not_now" to line.notNow,
        "advice" to line.advice?.let(::refusal),
        "refusal" to line.refusal?.let(::refusal),
        "with_it" to line.withIt,
        "can" to can.filter { it.second }.map { it.first },
    )
}

fun outbox(outbox: Outbox): JsonObject =
    fields("empty" to outbox.empty, "next" to outbox.items.next, "items" to outbox.items.items.map(::outboxLine))

fun absences(list: AbsenceList): JsonObject = fields(
    "heading" to list.heading,
    "empty" to list.empty,
    "more" to (list.absences.next != null),
    "items" to list.absences.items.map {
        fields(
            "name" to it.pupil.name,
            "class" to it.`class`,
            "day" to it.line.day.toString(),
            "status" to snake(it.line.status.state),
            "state" to it.line.status.text,
            "validity" to it.validity.text,
        )
    },
)

fun warnings(warnings: Warnings): JsonObject = fields(
    "next" to warnings.next?.let(::moment),
    "warnings" to warnings.warnings.map {
        fields(
            "phone" to it.phone,
            "cutoff" to moment(it.cutoff),
            "passed" to it.passed,
            "unsent" to it.unsent,
            "text" to it.text,
        )
    },
)

fun synced(report: SyncReport): JsonObject = fields(
    "ended" to snake(report.ended),
    "sent" to report.sent,
    "accepted" to report.accepted,
    "rejected" to report.rejected,
    "not_now" to report.notNow,
)

/** `syncing`, or else how the last one ended, or `idle` where there was none. */
fun inAWord(state: SyncState): String = if (state.syncing) "syncing" else state.last?.let { snake(it.ended) } ?: "idle"

fun syncState(state: SyncState): JsonObject =
    fields("running" to state.running, "is" to inAWord(state), "trouble" to state.trouble?.let(::refusal))
