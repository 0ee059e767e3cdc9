package app.skolebro

import app.skolebro.contract.Secrets
import app.skolebro.ffi.SecretStore
import app.skolebro.ffi.Settings
import app.skolebro.ffi.Skolebro
import app.skolebro.ffi.TestClock
import app.skolebro.ffi.openForTests
import java.net.ServerSocket
import java.net.Socket
import java.nio.file.Path
import java.time.Duration
import java.time.Instant
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout

// Phones without a school, for what needs none.

/** Nobody listens at this address. */
fun nobodyThere(folder: Path): Settings = Settings(folder.toString(), "http://127.0.0.1:1", language = null)

fun alone(folder: Path, secrets: SecretStore = Secrets()): Skolebro = Skolebro.open(nobodyThere(folder), secrets)

/** A server that takes a connection and never answers. */
class SilentServer : AutoCloseable {
    // A test that waits for nobody fails.
    private val socket = ServerSocket(0).apply { soTimeout = 20_000 }
    private val url = "http://127.0.0.1:${socket.localPort}"

    /** A phone that would wait for it all day. */
    fun phone(folder: Path, secrets: SecretStore = Secrets()): Skolebro {
        val settings = Settings(folder.toString(), url, language = null)
        return openForTests(settings, secrets, TestClock(Instant.parse("2026-09-15T04:50:00Z")), Duration.ofDays(1))
    }

    /** Until somebody waits for it. */
    fun awaitCaller(): Socket = socket.accept()

    override fun close() = socket.close()
}

/** As `runBlocking`; a test that hangs fails. */
fun story(play: suspend kotlinx.coroutines.CoroutineScope.() -> Unit): Unit = runBlocking { withTimeout(60_000, play) }
