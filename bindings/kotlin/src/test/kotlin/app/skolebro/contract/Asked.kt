package app.skolebro.contract

import app.skolebro.Phone
import app.skolebro.core.AbsenceKind
import app.skolebro.core.AbsencePlace
import app.skolebro.core.Action
import app.skolebro.core.Capacity
import app.skolebro.core.CommandBody
import app.skolebro.core.Day
import app.skolebro.core.Draft
import app.skolebro.core.IfAdvised
import app.skolebro.core.Language
import app.skolebro.core.PartOfDay
import app.skolebro.core.Role
import app.skolebro.core.Screen
import app.skolebro.core.ScreenRequest
import java.time.LocalDate
import java.time.LocalTime
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive

// What a step says, read: a form that is filled in by hand, a button that is found on a screen, days and names.

fun JsonObject.day(field: String): Day = LocalDate.parse(text(field))

fun language(tag: String): Language = Language.entries.single { snake(it) == tag }

fun ifAdvised(step: JsonObject): IfAdvised =
    when (val said = step.textOrNull("if_advised")) {
        null, "send_anyway" -> IfAdvised.SEND_ANYWAY
        "ask" -> IfAdvised.ASK
        else -> error("no answer to advice: $said")
    }

/** The form of an absence, filled in. */
fun report(story: Story, step: JsonObject): CommandBody {
    val part = step["part"]?.jsonObject
    return CommandBody.ReportAbsence(
        pupils = step.getValue("children").jsonArray.map { story.person(it.jsonPrimitive.content) },
        kind = AbsenceKind.entries.single { snake(it) == step.text("kind") },
        from = step.day("from"),
        to = if (step.textOrNull("to") == null) step.day("from") else step.day("to"),
        part = part?.let { PartOfDay(LocalTime.parse(it.text("from")), LocalTime.parse(it.text("to"))) },
        note = step.textOrNull("note"),
        onBehalfOf = null,
        phonedAt = null,
    )
}

fun draft(story: Story, step: JsonObject): Draft {
    val capacity = when (val said = step.textOrNull("capacity")) {
        null, "home" -> Capacity.Home
        else -> Capacity.Staff(Role.entries.single { snake(it) == said })
    }
    return Draft(story.school, capacity, report(story, step), step.textOrNull("depends_on")?.let(story::item))
}

/** The first button of that screen that does what the step says, as a draft. */
suspend fun button(story: Story, phone: Phone, step: JsonObject): Draft {
    val does = step.text("does")
    val label = step.textOrNull("label")
    val actions = buttons(story, phone, step)
    // `mark` has several: the label tells them apart.
    val action = actions.find { snake(it.does) == does && (label == null || it.label == label) }
    checkNotNull(action) { "no button $does among $actions" }
    return Draft(story.school, action.capacity, action.body, dependsOn = null)
}

private suspend fun buttons(story: Story, phone: Phone, step: JsonObject): List<Action> {
    val child = step.textOrNull("child")?.let(story::person)
    return when (val on = step.text("on")) {
        "today" -> {
            val shown = shown<Screen.Home>(phone.screen(story.school, ScreenRequest.Home)).shown
            if (child == null) return shown.together
            val its = shown.children.first { it.pupil.id == child }
            its.actions + its.toExplain.flatMap { it.actions }
        }
        "roll" -> {
            val shown = shown<Screen.Roll>(phone.screen(story.school, rollOf(story, step))).shown
            if (child == null) return shown.seen + listOfNotNull(shown.close)
            val row = shown.rows.first { it.row.pupil.id == child }
            listOfNotNull(row.undo) + row.marks
        }
        "inbox" -> {
            val shown = shown<Screen.Notices>(phone.screen(story.school, ScreenRequest.Notices(after = null, limit = 20u))).shown
            shown.notices.items.mapNotNull { it.read }
        }
        else -> error("no screen $on")
    }
}

fun rollOf(story: Story, step: JsonObject): ScreenRequest =
    ScreenRequest.Roll(story.group(step.text("group")), step.day("day"), session = null)

fun absencesOf(step: JsonObject, after: AbsencePlace?): ScreenRequest =
    ScreenRequest.Absences(step.day("from"), step.day("to"), after, step.number("limit", 200).toUInt())

inline fun <reified S : Screen> shown(screen: Screen): S =
    screen as? S ?: error("not a ${S::class.simpleName}: $screen")
