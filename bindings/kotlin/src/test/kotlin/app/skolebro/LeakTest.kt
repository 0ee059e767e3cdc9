package app.skolebro

import app.skolebro.contract.Secrets
import app.skolebro.core.Change
import app.skolebro.ffi.ChangeListener
import app.skolebro.ffi.SyncListener
import app.skolebro.ffi.SyncState
import java.io.File
import java.nio.file.Path
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir

/**
 * Opening and closing, subscribing and cancelling, ten thousand times each: what the process holds stays flat. The JVM's
 * heap is fixed and touched at the start (pom.xml), so that the process grows by native memory only; the heap is looked at
 * apart.
 */
class LeakTest {
    private val secrets = Secrets()

    @Test
    fun `opening and closing leaves nothing`(@TempDir folder: Path) = flat("opening and closing") {
        alone(folder, secrets).use { library ->
            library.onChange(silent)
            library.shutDown()
        }
    }

    @Test
    fun `subscribing and cancelling leaves nothing`(@TempDir folder: Path) = alone(folder, secrets).use { library ->
        flat("subscribing and cancelling") {
            library.onChange(silent).use { it.cancel() }
            // Cancelled by letting go of it.
            library.onSync(silentSync).close()
        }
        library.shutDown()
    }

    @Test
    fun `collecting leaves nothing`(@TempDir folder: Path) = Phone(alone(folder, secrets)).use { phone ->
        flat("collecting") {
            runBlocking {
                phone.changes().first()
                phone.syncStates().first()
            }
        }
    }

    private fun flat(what: String, cycle: () -> Unit) {
        repeat(WARM_UP) { cycle() }
        repeat((CYCLES - WARM_UP) / 2) { cycle() }
        val (heap, native) = heap() to resident()
        repeat((CYCLES - WARM_UP) / 2) { cycle() }
        val (heapGrown, nativeGrown) = heap() - heap to resident() - native
        println("$what: grown by $nativeGrown kB native, $heapGrown kB heap")
        assertTrue(nativeGrown < NATIVE, "$what: grown by $nativeGrown kB outside the heap")
        assertTrue(heapGrown < HEAP, "$what: grown by $heapGrown kB of the heap")
    }

    /** In kB. */
    private fun resident(): Long {
        val line = File("/proc/self/status").readLines().first { it.startsWith("VmRSS:") }
        return line.filter { it.isDigit() }.toLong()
    }

    /** In kB, of what can be reached: collected until the library's cleaner, a thread of its own, has nothing left to let go. */
    private fun heap(): Long {
        var (least, unchanged) = Long.MAX_VALUE to 0
        while (unchanged < 5) {
            System.gc()
            val used = Runtime.getRuntime().run { totalMemory() - freeMemory() } / 1024
            if (used < least - 8) unchanged = 0 else unchanged += 1
            least = minOf(least, used)
        }
        return least
    }

    private companion object {
        const val WARM_UP = 1_000
        const val CYCLES = 10_000

        /** In kB, for 4,500 cycles: two hundred bytes each. The JVM's compiler needs some for itself. */
        const val NATIVE = 1_000

        /** In kB: fifty bytes for each cycle, less than one forgotten listener takes. */
        const val HEAP = 250

        val silent = object : ChangeListener { override fun changed(change: Change) = Unit }
        val silentSync = object : SyncListener { override fun changed(state: SyncState) = Unit }
    }
}
