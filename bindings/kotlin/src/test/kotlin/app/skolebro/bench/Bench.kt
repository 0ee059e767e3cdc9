package app.skolebro.bench

import app.skolebro.Phone
import app.skolebro.contract.Host
import app.skolebro.contract.Secrets
import app.skolebro.contract.fields
import app.skolebro.contract.text
import app.skolebro.core.AbsencePlace
import app.skolebro.core.SchoolId
import app.skolebro.core.Screen
import app.skolebro.core.ScreenRequest
import app.skolebro.core.SyncEnd
import app.skolebro.ffi.Settings
import app.skolebro.ffi.Skolebro
import app.skolebro.ffi.TestClock
import app.skolebro.ffi.openForTests
import java.nio.file.Path
import java.time.Duration
import java.time.Instant
import java.time.LocalDate
import kotlinx.coroutines.runBlocking
import kotlinx.serialization.json.JsonElement
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir

/**
 * What calls cost, as one JSON line for each figure, named as in `bindings/examples/figures.rs`: `SKOLEBRO_BENCH=1 mvn -q
 * verify`. Medians, after warming up. Timed is the library itself; `suspending_call` is a trivial call through the thin layer.
 */
class Bench {
    @TempDir lateinit var folder: Path

    @Test
    fun figures() {
        val town = Host.ask("host" to "open", "at" to AT)
        val number = town["town"]
        try {
            Host.ask("host" to "grow", "pupils" to 500, "town" to number)
            Host.ask("host" to "absences", "pupils" to 500, "days" to 20, "from" to "2026-09-08", "town" to number)
            val school = town.text("school")
            val amal = enrolled("Amal", town.text("url"), number)
            figure("trivial_call", 1_000, batch = 100) { amal.syncState() }
            val phone = Phone(amal)
            figure("suspending_call", 1_000, batch = 10) { runBlocking { phone.who() } }
            figure("today", 300) { amal.screen(school, ScreenRequest.Home) }
            amal.shutDown()

            val olga = enrolled("Olga", town.text("url"), number)
            figure("page_200", 50) { assertEquals(200, page(olga, school, after = null).items.size) }
            figure("pages_10000", 5) { assertEquals(10_000, everything(olga, school)) }
            olga.shutDown()

            figure("cold_open", 50) {
                opened("Amal", town.text("url")).use { cold ->
                    cold.screen(school, ScreenRequest.Home)
                    cold.shutDown()
                }
            }
        } finally {
            Host.ask("host" to "close", "town" to number)
        }
    }

    private val secrets = HashMap<String, Secrets>()

    private fun opened(person: String, url: String): Skolebro {
        val settings = Settings(folder.resolve(person).toString(), url, language = null)
        val keychain = secrets.getOrPut(person) { Secrets() }
        return openForTests(settings, keychain, TestClock(Instant.parse(AT)), Duration.ofSeconds(60))
    }

    private fun enrolled(person: String, url: String, town: JsonElement?): Skolebro {
        val code = Host.ask(fields("host" to "code", "person" to person, "town" to town)).text("code")
        val phone = opened(person, url)
        phone.enrol(code, "Provtelefon")
        assertEquals(SyncEnd.Complete, phone.syncOnce(Duration.ofMinutes(2)).ended)
        return phone
    }

    private fun page(phone: Skolebro, school: SchoolId, after: AbsencePlace?) =
        (phone.screen(school, ScreenRequest.Absences(FROM, TO, after, limit = 200u)) as Screen.Absences).shown.absences

    private fun everything(phone: Skolebro, school: SchoolId): Int {
        var (count, after) = 0 to (null as AbsencePlace?)
        do {
            val page = page(phone, school, after)
            count += page.items.size
            after = page.next
        } while (after != null)
        return count
    }

    private fun figure(what: String, repeats: Int, batch: Int = 1, call: () -> Unit) {
        repeat(repeats) { call() }
        val took = LongArray(repeats) {
            val began = System.nanoTime()
            repeat(batch) { call() }
            (System.nanoTime() - began) / batch
        }
        took.sort()
        println(fields("lang" to "kotlin", "what" to what, "ns" to took[repeats / 2]))
    }

    private companion object {
        const val AT = "2026-09-15T04:50:00Z"
        val FROM: LocalDate = LocalDate.parse("2026-09-01")
        val TO: LocalDate = LocalDate.parse("2026-10-30")
    }
}
