package app.skolebro.contract

import app.skolebro.Phone
import app.skolebro.core.AbsencePlace
import app.skolebro.core.Day
import app.skolebro.core.IfAdvised
import app.skolebro.core.PersonId
import app.skolebro.core.Screen
import app.skolebro.core.ScreenRequest
import app.skolebro.ffi.SkolebroException
import app.skolebro.ffi.Submission
import java.util.concurrent.ConcurrentLinkedQueue
import java.util.concurrent.atomic.AtomicInteger
import kotlin.concurrent.thread
import kotlinx.coroutines.runBlocking
import kotlinx.serialization.json.JsonObject

// The two verbs that do a thing many times.

/** All pages, one after the other, as a list that is scrolled to its end. */
suspend fun pages(story: Story, phone: Phone, step: JsonObject): JsonObject {
    var (total, pages, longest) = listOf(0, 0, 0)
    val distinct = HashSet<Pair<Day, PersonId>>()
    var newestFirst = true
    var last: Day? = null
    var after: AbsencePlace? = null
    do {
        val page = shown<Screen.Absences>(phone.screen(story.school, absencesOf(step, after))).shown.absences
        pages += 1
        total += page.items.size
        longest = maxOf(longest, page.items.size)
        for (item in page.items) {
            newestFirst = newestFirst && last.let { it == null || item.line.day <= it }
            last = item.line.day
            distinct += item.line.day to item.pupil.id
        }
        after = page.next
    } while (after != null)
    return fields(
        "total" to total,
        "pages" to pages,
        "longest" to longest,
        "distinct" to distinct.size,
        "newest_first" to newestFirst,
    )
}

/** Several threads of the host at once: each reports and reads. */
fun threads(story: Story, phone: Phone, step: JsonObject): JsonObject {
    val asked = fields("children" to listOf(step["child"]), "kind" to "other", "from" to step["from"])
    val draft = draft(story, asked)
    val kept = ConcurrentLinkedQueue<String>()
    val errors = AtomicInteger()
    fun orError(call: suspend () -> Unit) = try {
        runBlocking { call() }
    } catch (_: SkolebroException) {
        errors.incrementAndGet()
        Unit
    }
    val threads = List(step.number("count", 2)) {
        thread {
            repeat(step.number("each", 1)) {
                orError {
                    when (val done = phone.submit(draft, IfAdvised.SEND_ANYWAY)) {
                        is Submission.Kept -> kept += done.id
                        is Submission.Advised -> errors.incrementAndGet()
                    }
                }
                orError { phone.screen(story.school, ScreenRequest.Home) }
            }
        }
    }
    threads.forEach { it.join() }
    return fields("kept" to kept.size, "distinct" to kept.toSet().size, "errors" to errors.get())
}
