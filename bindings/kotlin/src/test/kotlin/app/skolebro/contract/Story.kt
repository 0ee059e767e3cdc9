package app.skolebro.contract

import app.skolebro.core.CommandId
import app.skolebro.core.GroupId
import app.skolebro.core.PersonId
import app.skolebro.core.SchoolId
import app.skolebro.ffi.SkolebroException
import app.skolebro.ffi.TestClock
import java.io.File
import java.nio.file.Files
import java.time.Instant
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.FutureTask
import java.util.concurrent.TimeUnit
import java.util.concurrent.locks.LockSupport
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject

/** What became of a step: its result, and the error's name where it failed. */
class Outcome(val result: JsonElement, val error: String?)

/** Plays one story: takes its steps in order, and holds what they share. */
class Story private constructor(private val name: String, private val town: JsonObject, at: Instant, val folder: File) {
    val clock = TestClock(at)
    private val phones = ConcurrentHashMap<String, StoryPhone>()
    private val items = ConcurrentHashMap<String, CommandId>()
    private val background = HashMap<String, FutureTask<Outcome>>()

    val url: String get() = town.text("url")
    val school: SchoolId get() = town.text("school")

    fun person(given: String): PersonId = town.getValue("people").jsonObject.text(given)

    fun group(name: String): GroupId = town.getValue("groups").jsonObject.text(name)

    /** The name of a person that the host named. */
    fun nameOf(person: PersonId): String? = town.getValue("people").jsonObject.entries.find { it.value == json(person) }?.key

    fun code(given: String): String = Host.ask("host" to "code", "person" to given, "town" to town["town"]).text("code")

    /** For steps that name it, where this one gives it a name. */
    fun nameItem(step: JsonObject, id: CommandId) {
        step.textOrNull("as")?.let { items[it] = id }
    }

    fun item(name: String): CommandId = items[name] ?: error("nothing is called $name")

    private fun play(number: Int, step: JsonObject) {
        val at = "$name, step $number: $step"
        val apart = step.textOrNull("background")
        if (apart != null && step.textOrNull("do") != "join") {
            background[apart] = FutureTask { take(step) }.also { Thread(it, "$name: $apart").start() }
            return
        }
        val began = System.nanoTime()
        val until = TimeUnit.MILLISECONDS.toNanos(step.number("until_ms", 0).toLong())
        var wrong = judge(step, take(step))
        while (wrong != null && System.nanoTime() - began < until) {
            LockSupport.parkNanos(PAUSE)
            wrong = judge(step, take(step))
        }
        if (wrong != null) throw AssertionError("$at\n  $wrong")
        val took = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began)
        val within = step.textOrNull("within_ms")?.toLong() ?: return
        if (took > within) throw AssertionError("$at\n  took $took ms")
    }

    /** What is wrong with it, if anything is. */
    private fun judge(step: JsonObject, outcome: Outcome): String? {
        val wanted = step.textOrNull("error")
        if (wanted != outcome.error) return "error ${outcome.error} ${outcome.result}, and not $wanted"
        return step["expect"]?.let { difference(it, outcome.result) }
    }

    private fun take(step: JsonObject): Outcome {
        val verb = step.textOrNull("host")
        if (verb != null) {
            if (verb == "clock") clock.advanceTo(Instant.parse(step.text("to")))
            return Outcome(Host.ask(JsonObject(step + ("town" to town.getValue("town")))), null)
        }
        if (step.text("do") == "join") {
            val apart = background.remove(step.text("background")) ?: error("nothing runs by that name: $step")
            return apart.get(LONGEST, TimeUnit.SECONDS)
        }
        val name = step.text("phone")
        val phone = phones.computeIfAbsent(name) { StoryPhone(this, name) }
        return try {
            Outcome(phone.act(step), null)
        } catch (error: SkolebroException) {
            Outcome(shownError(error), error.javaClass.simpleName)
        }
    }

    private fun close() {
        phones.values.forEach { it.letGo() }
        Host.ask("host" to "close", "town" to town["town"])
        folder.deleteRecursively()
    }

    companion object {
        private val PAUSE = TimeUnit.MILLISECONDS.toNanos(5)

        /** Seconds for a step that runs apart: a story that hangs must fail. */
        private const val LONGEST = 120L

        fun play(name: String) {
            val steps = StoryFiles.read(name).getValue("steps").jsonArray.map { it.jsonObject }
            val opening = steps.first()
            check(opening.textOrNull("host") == "open") { "$name begins by opening a school" }
            val at = Instant.parse(opening.text("at"))
            val story = Story(name, Host.ask(opening), at, Files.createTempDirectory("skolebro-$name").toFile())
            try {
                steps.forEachIndexed { number, step -> if (number > 0) story.play(number, step) }
            } finally {
                story.close()
            }
        }
    }
}
