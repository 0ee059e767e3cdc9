package app.skolebro

import app.skolebro.contract.Secrets
import app.skolebro.core.Capacity
import app.skolebro.core.Change
import app.skolebro.core.CommandBody
import app.skolebro.core.Draft
import app.skolebro.core.IfAdvised
import app.skolebro.core.ScreenRequest
import app.skolebro.core.SyncEnd
import app.skolebro.ffi.ChangeListener
import app.skolebro.ffi.SecretStore
import app.skolebro.ffi.SecretStoreException
import app.skolebro.ffi.Skolebro
import app.skolebro.ffi.SkolebroException
import app.skolebro.ffi.echo
import app.skolebro.ffi.everyCommand
import app.skolebro.ffi.panicInside
import java.nio.file.Path
import java.time.Duration
import java.time.LocalDate
import java.util.concurrent.CountDownLatch
import java.util.concurrent.Executors
import java.util.concurrent.LinkedBlockingQueue
import java.util.concurrent.TimeUnit
import kotlin.concurrent.thread
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.asCoroutineDispatcher
import kotlinx.coroutines.async
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.assertThrows
import org.junit.jupiter.api.io.TempDir

/** What an app does wrong. Each gets a typed error, and nothing ends the process. */
class MisuseTest {
    @TempDir lateinit var folder: Path

    private val id = "01997a3c-0000-7000-8000-000000000001"
    private val body = CommandBody.ExtendAbsence(pupil = id, to = LocalDate.of(2026, 9, 15))
    private val draft = Draft(school = id, Capacity.Home, body, dependsOn = null)

    @Test
    fun `a closed phone says so to every call`() = story {
        val phone = Phone(alone(folder))
        phone.close()
        phone.close()
        val calls = mapOf<String, suspend () -> Any?>(
            "enrol" to { phone.enrol("ABCD-EFGH-JKLM", "x") },
            "who" to phone::who,
            "signOut" to { phone.signOut() },
            "devices" to phone::devices,
            "makeCode" to { phone.makeCode(id, id) },
            "revokeDevice" to { phone.revokeDevice(id) },
            "screen" to { phone.screen(id, ScreenRequest.Home) },
            "capacities" to { phone.capacities(id, body) },
            "warnings" to phone::warnings,
            "now" to phone::now,
            "language" to phone::language,
            "setLanguage" to { phone.setLanguage(null) },
            "submit" to { phone.submit(draft, IfAdvised.ASK) },
            "advise" to { phone.advise(draft) },
            "mend" to { phone.mend(id, body, IfAdvised.ASK) },
            "resend" to { phone.resend(id) },
            "dismiss" to { phone.dismiss(id) },
            "takeBack" to { phone.takeBack(id) },
            "syncOnce" to { phone.syncOnce(Duration.ofSeconds(1)) },
            "startSync" to phone::startSync,
            "stopSync" to phone::stopSync,
            "syncNow" to { phone.syncNow() },
            "cancel" to { phone.cancel() },
            "changes" to { phone.changes().first() },
            "syncStates" to { phone.syncStates().first() },
            "suspend" to phone::suspend,
            "resume" to phone::resume,
            "keptAside" to phone::keptAside,
        )
        for ((name, call) in calls) {
            val failure = runCatching { call() }.exceptionOrNull()
            assertTrue(failure is SkolebroException.Closed, "$name: $failure")
        }
    }

    @Test
    fun `a panic inside is an error, and the phone goes on`() {
        val library = alone(folder)
        repeat(3) {
            val failure = assertThrows<SkolebroException.Internal> { panicInside(library) }
            assertEquals("asked for", failure.detail)
        }
        assertNull(library.who())
        library.shutDown()
    }

    @Test
    fun `every command comes back as it went out`() {
        val commands = everyCommand()
        assertTrue(commands.size >= 25)
        assertEquals(commands, commands.map { echo(it) })
        // Equal is not the same: it was written, read, written and read again.
        assertTrue(commands.zip(commands.map { echo(it) }).none { (sent, back) -> sent === back })
    }

    @Test
    fun `opened on one thread, used on others, closed on another`() {
        val phone = Phone(alone(folder))
        val failures = LinkedBlockingQueue<Throwable>()
        val users = List(8) {
            thread {
                runCatching { runBlocking { repeat(50) { assertNull(phone.who()) } } }.onFailure { failures += it }
            }
        }
        users.forEach { it.join() }
        assertTrue(failures.isEmpty(), "$failures")
        thread { phone.close() }.join()
        assertThrows<SkolebroException.Closed> { runBlocking { phone.who() } }
    }

    @Test
    fun `a phone may be closed while others use it`() {
        repeat(20) { round ->
            val phone = Phone(alone(folder.resolve("$round")))
            val wrong = LinkedBlockingQueue<Throwable>()
            val users = List(4) {
                thread {
                    val failure = runCatching { runBlocking { while (true) phone.now() } }.exceptionOrNull()!!
                    if (failure !is SkolebroException.Closed) wrong += failure
                }
            }
            phone.close()
            users.forEach { it.join() }
            assertTrue(wrong.isEmpty(), "$wrong")
        }
    }

    @Test
    fun `a phone may be closed while another thread waits for the server`() = story {
        SilentServer().use { server ->
            val phone = Phone(server.phone(folder))
            val enrolling = async(Dispatchers.IO) { runCatching { phone.enrol("ABCD-EFGH-JKLM", "x") } }
            server.awaitCaller().use { phone.close() }
            val failure = enrolling.await().exceptionOrNull()
            assertTrue(failure is SkolebroException.Cancelled, "$failure")
        }
    }

    @Test
    fun `what is no id is a typed error that says nothing of it`() = story {
        Phone(alone(folder)).use { phone ->
            for (call in listOf<suspend () -> Any>(
                { phone.screen("Liv Berg", ScreenRequest.Home) },
                { phone.dismiss("Liv Berg") },
                { phone.revokeDevice("Liv Berg") },
            )) {
                val failure = runCatching { call() }.exceptionOrNull()
                assertTrue(failure is SkolebroException.Internal, "$failure")
                assertTrue("Liv" !in failure.toString(), "$failure")
            }
        }
    }

    @Test
    fun `a coroutine that is cancelled calls off what it waits for`() = story {
        SilentServer().use { server ->
            Phone(server.phone(folder)).use { phone ->
                val enrolling = launch(Dispatchers.IO) { phone.enrol("ABCD-EFGH-JKLM", "x") }
                server.awaitCaller().use {
                    enrolling.cancel()
                    enrolling.join()
                }
                assertTrue(enrolling.isCancelled)
                // Nothing else is: the phone goes on.
                assertNull(phone.who())
            }
        }
    }

    @Test
    fun `a coroutine that is cancelled calls off its own call and no other`() = story {
        SilentServer().use { server ->
            Phone(server.phone(folder)).use { phone ->
                val patient = async(Dispatchers.IO) { runCatching { phone.enrol("ABCD-EFGH-JKLM", "x") } }
                server.awaitCaller().use { heldBack ->
                    val other = launch(Dispatchers.IO) { phone.enrol("MLKJ-HGFE-DCBA", "y") }
                    server.awaitCaller().use {
                        other.cancel()
                        other.join()
                    }
                    heldBack.getInputStream().read(ByteArray(4096))
                    heldBack.getOutputStream().write("HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nkafé".toByteArray())
                    val failure = patient.await().exceptionOrNull()
                    assertTrue(failure is SkolebroException.Garbled, "$failure")
                }
            }
        }
    }

    @Test
    fun `a coroutine that shares its only thread with its call is cancelled all the same`() = story {
        SilentServer().use { server ->
            Executors.newSingleThreadExecutor().asCoroutineDispatcher().use { only ->
                Phone(server.phone(folder), only).use { phone ->
                    val enrolling = CoroutineScope(only).launch { phone.enrol("ABCD-EFGH-JKLM", "x") }
                    server.awaitCaller().use {
                        enrolling.cancel()
                        enrolling.join()
                    }
                }
            }
        }
    }

    @Test
    fun `a coroutine that is cancelled before its call waits does not wait for it either`() = story {
        SilentServer().use { server ->
            // The secret is asked for first: whoever cancels meanwhile finds nothing that waits for the server yet.
            val asked = CompletableDeferred<Unit>()
            val goOn = CountDownLatch(1)
            val store = object : SecretStore by Secrets() {
                @Volatile var gate = false

                override fun load(): String? {
                    if (gate) {
                        asked.complete(Unit)
                        goOn.await()
                    }
                    return null
                }
            }
            Phone(server.phone(folder, store)).use { phone ->
                store.gate = true
                // It waits by the time that this comes back.
                val syncing = async(start = CoroutineStart.UNDISPATCHED) { phone.syncOnce(Duration.ofDays(1)) }
                asked.await()
                syncing.cancel()
                goOn.countDown()
                syncing.join()
                assertEquals(SyncEnd.Cancelled, phone.syncStates().first { !it.syncing }.last?.ended)
            }
        }
    }

    /** Calls the phone from within, and then fails. */
    private class Meddler(
        private val phone: Skolebro,
        private val failure: Throwable,
        private val meddle: (Skolebro) -> Unit,
    ) : ChangeListener {
        val heard = LinkedBlockingQueue<Change>()

        override fun changed(change: Change) {
            try {
                meddle(phone)
            } finally {
                heard += change
            }
            throw failure
        }

        fun next(): Change = heard.poll(20, TimeUnit.SECONDS) ?: error("nothing was heard")
    }

    @Test
    fun `a listener may call back and throw whatever it likes, and hears the next change all the same`() {
        for ((number, failure) in listOf(IllegalStateException("fel"), AssertionError("fel")).withIndex()) {
            val library = alone(folder.resolve("$number"))
            val meddler = Meddler(library, failure) { phone ->
                phone.who()
                phone.onChange(object : ChangeListener { override fun changed(change: Change) = Unit }).cancel()
            }
            val listening = library.onChange(meddler)
            repeat(3) {
                assertEquals(Change.Everything, meddler.next())
                library.setLanguage(null)
            }
            listening.cancel()
            library.shutDown()
        }
    }

    @Test
    fun `a listener may shut the phone down`() {
        val library = alone(folder)
        library.startSync()
        val meddler = Meddler(library, IllegalStateException("fel")) { it.shutDown() }
        library.onChange(meddler)
        assertEquals(Change.Everything, meddler.next())
        assertThrows<SkolebroException.Closed> { library.who() }
    }

    @Test
    fun `a collector may close the phone`() = story {
        val phone = Phone(alone(folder))
        phone.changes().collect { phone.close() }
        assertThrows(SkolebroException.Closed::class.java) { runBlocking { phone.who() } }
    }

    /** Keeps nothing, and fails as it is told to. */
    private class BrokenStore(private val failure: Throwable) : SecretStore {
        override fun load(): String? = throw failure

        override fun save(secret: String): Unit = throw failure

        override fun clear(): Unit = throw failure
    }

    @Test
    fun `a secret store that throws is a typed error, and its words go nowhere`() = story {
        val secret = "hemlig-nyckel-4711"
        val failures = listOf(SecretStoreException.Locked(), IllegalStateException(secret), AssertionError(secret))
        for ((number, failure) in failures.withIndex()) {
            Phone.open(nobodyThere(folder.resolve("$number")), BrokenStore(failure)).use { phone ->
                assertNull(phone.who())
                val said = runCatching { phone.enrol("ABCD-EFGH-JKLM", "x") }.exceptionOrNull()
                assertTrue(said is SkolebroException, "$failure: $said")
                assertTrue(secret !in said.toString(), "$said")
            }
        }
    }

    @Test
    fun `the bare library survives a store that throws`() {
        for ((number, failure) in listOf(IllegalStateException("fel"), AssertionError("fel")).withIndex()) {
            val opened = runCatching { alone(folder.resolve("$number"), BrokenStore(failure)) }
            opened.onSuccess { it.shutDown() }
            assertTrue(opened.isSuccess || opened.exceptionOrNull() is SkolebroException, "$opened")
        }
    }
}
