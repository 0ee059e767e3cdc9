package app.skolebro

import app.skolebro.contract.Host
import app.skolebro.contract.Secrets
import app.skolebro.contract.text
import app.skolebro.examples.firstLines
import app.skolebro.ffi.Settings
import java.nio.file.Path
import java.util.concurrent.CopyOnWriteArrayList
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir

class FirstLinesTest {
    @Test
    fun `the first lines do what they say`(@TempDir folder: Path) {
        val town = Host.ask("host" to "open", "at" to "2026-09-15T04:50:00Z")
        try {
            val code = Host.ask("host" to "code", "person" to "Amal", "town" to town["town"]).text("code")
            val shown = CopyOnWriteArrayList<String>()
            val settings = Settings(folder.toString(), town.text("url"), language = null)
            runBlocking { firstLines(settings, Secrets(), code) { shown += it } }
            assertTrue("kept on this phone" in shown, "$shown")
            assertTrue("sent: 1" in shown, "$shown")
        } finally {
            Host.ask("host" to "close", "town" to town["town"])
        }
    }
}
