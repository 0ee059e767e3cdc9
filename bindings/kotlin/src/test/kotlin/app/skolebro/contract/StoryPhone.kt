package app.skolebro.contract

import app.skolebro.Phone
import app.skolebro.core.Draft
import app.skolebro.core.Screen
import app.skolebro.core.ScreenRequest
import app.skolebro.core.Window
import app.skolebro.ffi.Cancellation
import app.skolebro.ffi.Settings
import app.skolebro.ffi.Skolebro
import app.skolebro.ffi.SkolebroException
import app.skolebro.ffi.Submission
import app.skolebro.ffi.Together
import app.skolebro.ffi.explain
import app.skolebro.ffi.failWith
import app.skolebro.ffi.openForTests
import app.skolebro.ffi.panicInside
import java.io.File
import java.io.RandomAccessFile
import java.time.Duration
import java.util.concurrent.ConcurrentHashMap
import kotlinx.coroutines.runBlocking
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonPrimitive

/**
 * A phone of a story: every verb of the vocabulary, as calls of the thin layer. Only what it has no calls for goes to the
 * library itself: listeners that must hear everything one by one, ends that are not the layer's `close`, and calls that are
 * called off by name and not with their coroutine.
 */
class StoryPhone(private val story: Story, private val name: String) {
    @Volatile private var library: Skolebro? = null
    @Volatile private var folder: String = name

    /** By folder, as a keychain keeps them: what one process saved, the next one finds. */
    private val secrets = ConcurrentHashMap<String, Secrets>()
    private val listening = ConcurrentHashMap<String, Heard>()
    private val cancellations = ConcurrentHashMap<String, Cancellation>()

    fun act(step: JsonObject): JsonElement {
        when (step.text("do")) {
            "open" -> open(step)
            "drop" -> letGo()
            "secrets" -> secrets.getValue(folder).failing = step.text("to") == "failing"
            "overwrite" -> overwrite(step)
            "holds" -> return fields("found" to holds(step.text("text")))
            "heard" -> return json(listening.getValue(step.text("as")).soFar())
            "unlisten" -> listening.getValue(step.text("as")).cancel()
            "fail_with" -> failWith(step.text("variant"))
            "explain" -> return refusal(explain(failure(step.text("variant")), language(step.text("language"))))
            else -> {
                val open = library ?: error("$name has not been opened")
                return runBlocking { call(open, Phone(open), step) }
            }
        }
        return fields()
    }

    /** Without closing, as a killed process does. */
    fun letGo() {
        library?.destroy()
        library = null
    }

    private fun failure(variant: String): SkolebroException {
        try {
            failWith(variant)
        } catch (error: SkolebroException) {
            return error
        }
        error("there is no error $variant")
    }

    private fun open(step: JsonObject) {
        folder = step.textOrNull("folder") ?: name
        val keychain = secrets.computeIfAbsent(folder) { Secrets() }
        keychain.failing = step.textOrNull("secrets") == "failing"
        val settings = Settings(
            folder = story.folder.resolve(folder).path,
            server = step.textOrNull("server") ?: story.url,
            language = step.textOrNull("language")?.let(::language),
        )
        val timeout = Duration.ofMillis(step.number("timeout_ms", 20_000).toLong())
        library = openForTests(settings, keychain, story.clock, timeout)
    }

    private fun overwrite(step: JsonObject) {
        val bytes = step.getValue("bytes").jsonArray.map { it.jsonPrimitive.content.toInt().toByte() }.toByteArray()
        val file = File(story.folder.resolve(folder), step.text("file"))
        check(file.exists()) { "no file $file" }
        RandomAccessFile(file, "rw").use {
            it.seek(step.text("at").toLong())
            it.write(bytes)
        }
    }

    /** Whether any file in the phone's folder has these bytes. ISO 8859-1 keeps each byte as it is. */
    private fun holds(text: String): Boolean {
        val wanted = String(text.toByteArray(), Charsets.ISO_8859_1)
        val files = story.folder.resolve(folder).walk().filter { it.isFile }
        return files.any { wanted in it.readText(Charsets.ISO_8859_1) }
    }

    private suspend fun call(library: Skolebro, phone: Phone, step: JsonObject): JsonElement {
        when (val verb = step.text("do")) {
            "close" -> library.shutDown()
            "kept_aside" -> return fields("count" to phone.keptAside().size)
            "enrol" -> {
                val code = step.textOrNull("code") ?: story.code(step.text("person"))
                return who(story, phone.enrol(code, step.text("name")))
            }
            "who" -> return who(story, phone.who())
            "sign_out" -> phone.signOut(evenIfUnsent = step.textOrNull("unsent") != null)
            "suspend" -> phone.suspend()
            "resume" -> phone.resume()
            "devices" -> return devices(cancellation(step)?.let { library.devices(it) } ?: phone.devices())
            "revoke_device" -> phone.revokeDevice(phone.devices().first { it.name == step.text("name") }.device)
            "language" -> {
                if ("to" in step) phone.setLanguage(step.textOrNull("to")?.let(::language))
                return fields("language" to snake(phone.language()))
            }
            "now" -> return fields("now" to moment(phone.now()))
            "report" -> return say(phone, step, draft(story, step))
            "press" -> return say(phone, step, button(story, phone, step))
            "mend" -> {
                val rejected = story.item(step.text("item"))
                return submitted(step, phone.mend(rejected, report(story, step), ifAdvised(step)))
            }
            "resend" -> story.nameItem(step, phone.resend(story.item(step.text("item"))))
            "advise" -> return fields("advice" to phone.advise(draft(story, step))?.let(::refusal))
            "capacities" -> return json(phone.capacities(story.school, report(story, step)).map(::capacity))
            "dismiss" -> phone.dismiss(story.item(step.text("item")))
            "take_back" -> phone.takeBack(story.item(step.text("item")))
            "outbox", "today", "child", "roll", "inbox", "absences" -> return screen(phone, verb, step)
            "pages" -> return pages(story, phone, step)
            "warnings" -> return warnings(phone.warnings())
            "sync" -> {
                val deadline = Duration.ofMillis(step.number("deadline_ms", 60_000).toLong())
                return synced(cancellation(step)?.let { library.syncOnce(deadline, it) } ?: phone.syncOnce(deadline))
            }
            "cancel" -> cancellation(step)?.cancel() ?: phone.cancel()
            "start_sync" -> phone.startSync()
            "stop_sync" -> phone.stopSync()
            "sync_now" -> phone.syncNow()
            "sync_state" -> return syncState(library.syncState())
            "listen" -> listening[step.text("as")] = when (val to = step.text("to")) {
                "changes" -> Heard.changes(library)
                "sync" -> Heard.syncs(library)
                else -> error("nothing to listen to: $to")
            }
            "threads" -> return threads(story, phone, step)
            "panic" -> panicInside(library)
            else -> error("no verb $verb")
        }
        return fields()
    }

    /** Whichever step names it first makes it: a call may be called off before it begins. */
    private fun cancellation(step: JsonObject): Cancellation? =
        step.textOrNull("cancellation")?.let { name -> cancellations.computeIfAbsent(name) { Cancellation() } }

    private suspend fun say(phone: Phone, step: JsonObject, draft: Draft): JsonObject {
        if (step.textOrNull("everywhere") != "true") return submitted(step, phone.submit(draft, ifAdvised(step)))
        return when (val done = phone.submitEverywhere(draft, ifAdvised(step))) {
            is Together.Kept -> {
                story.nameItem(step, done.each.first().id)
                val advice = done.each.mapNotNull { it.advice?.let(::refusal) }
                fields("kept" to true, "schools" to done.each.size, "advice" to advice)
            }
            is Together.Advised ->
                fields("kept" to false, "schools" to done.each.size, "advice" to done.each.map { refusal(it.why) })
        }
    }

    private fun submitted(step: JsonObject, done: Submission): JsonObject =
        when (done) {
            is Submission.Kept -> {
                story.nameItem(step, done.id)
                fields("kept" to true, "advice" to done.advice?.let(::refusal))
            }
            is Submission.Advised -> fields("kept" to false, "advice" to refusal(done.why))
        }

    private suspend fun screen(phone: Phone, verb: String, step: JsonObject): JsonObject {
        val school = step.textOrNull("school") ?: story.school
        val wanted = when (verb) {
            "outbox" -> ScreenRequest.Said(Window(step.number("skip", 0).toUInt(), step.number("limit", 100).toUInt()))
            "today" -> ScreenRequest.Home
            "child" -> {
                val limit = step.number("limit", 20).toUInt()
                ScreenRequest.ChildPage(story.person(step.text("child")), before = null, limit)
            }
            "roll" -> rollOf(story, step)
            "inbox" -> ScreenRequest.Notices(after = null, limit = step.number("limit", 20).toUInt())
            else -> absencesOf(step, after = null)
        }
        return when (val screen = phone.screen(school, wanted)) {
            is Screen.Said -> outbox(screen.shown)
            is Screen.Home -> today(screen.shown)
            is Screen.ChildPage -> child(screen.shown)
            is Screen.Roll -> roll(screen.shown)
            is Screen.Notices -> inbox(screen.shown)
            is Screen.Absences -> absences(screen.shown)
            is Screen.NotTheirs -> fields("not_theirs" to screen.text)
            is Screen.Staff, is Screen.Figures, is Screen.WhoReads, is Screen.Group, is Screen.School, is Screen.Calls,
            is Screen.Explanations, is Screen.FollowUps, is Screen.Evacuation -> error("not what was asked for: $screen")
        }
    }
}
