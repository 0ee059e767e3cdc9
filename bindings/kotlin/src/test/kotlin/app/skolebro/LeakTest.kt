package app.skolebro

import app.skolebro.contract.Secrets
import app.skolebro.core.Change
import app.skolebro.ffi.Cancellation
import app.skolebro.ffi.ChangeListener
import app.skolebro.ffi.SyncListener
import app.skolebro.ffi.SyncState
import app.skolebro.ffi.allocationsHeld
import java.io.File
import java.lang.management.ManagementFactory
import java.nio.file.Path
import java.time.Duration
import javax.management.ObjectName
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir

/**
 * Opening and closing, subscribing and cancelling, ten thousand times each: what the process holds stays flat. The JVM's
 * heap is fixed and touched at the start (pom.xml), so that the process grows by native memory only; the objects on the heap
 * are counted.
 */
class LeakTest {
    private val secrets = Secrets()

    @Test
    fun `opening and closing leaves nothing`(@TempDir folder: Path) = flat("opening and closing") {
        alone(folder, secrets).use { library ->
            library.onChange(Silent())
            library.shutDown()
        }
    }

    @Test
    fun `subscribing and cancelling leaves nothing`(@TempDir folder: Path) = alone(folder, secrets).use { library ->
        flat("subscribing and cancelling") {
            library.onChange(Silent()).use { it.cancel() }
            // Cancelled by letting go of it.
            library.onSync(SilentSync()).close()
            // Called off before it began.
            Cancellation().use {
                it.cancel()
                library.syncOnce(Duration.ofMinutes(1), it)
            }
            library.startSync()
            library.stopSync()
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

    // A new one each time: one that the library forgets to let go of is an object that is left.
    private class Silent : ChangeListener {
        override fun changed(change: Change) = Unit
    }

    private class SilentSync : SyncListener {
        override fun changed(state: SyncState) = Unit
    }

    /**
     * What leaks adds to every window and never stops; what the JVM's compiler takes for itself, megabytes at a time, adds to
     * a few. So the middle one of the last windows is asked, and again until it is flat or has been given long enough.
     */
    private fun flat(what: String, cycle: () -> Unit) {
        repeat(WINDOW) { cycle() }
        val before = settled()
        val windows = mutableListOf<Long>()
        fun middle() = windows.takeLast(LAST).sorted()[LAST / 2]
        while (windows.size < FEWEST || (middle() > GROWTH && windows.size < MOST)) {
            val start = resident()
            repeat(WINDOW) { cycle() }
            windows += resident() - start
        }
        val left = leftSince(before)
        println("$what: grown by $windows kB native in windows of $WINDOW; left: $left")
        assertTrue(left.isEmpty(), "$what leaves: $left")
        assertTrue(middle() <= GROWTH, "$what: grows outside the heap by $windows kB")
    }

    /** In kB. */
    private fun resident(): Long {
        val line = File("/proc/self/status").readLines().first { it.startsWith("VmRSS:") }
        return line.filter { it.isDigit() }.toLong()
    }

    /**
     * How many objects of each class can be reached, and what the library holds. Counted, not weighed: a map's table stays as
     * large as it once had to be.
     */
    private fun objects(): Map<String, Long> {
        val beans = ManagementFactory.getPlatformMBeanServer()
        val command = ObjectName("com.sun.management:type=DiagnosticCommand")
        val arguments = arrayOf<Any>(emptyArray<String>())
        val histogram = beans.invoke(command, "gcClassHistogram", arguments, arrayOf(Array<String>::class.java.name)) as String
        // ` 1:  15906  1648488  [B (java.base@17.0.15)`
        return histogram.lines().map { it.trim().split(Regex("\\s+")) }.filter { it[0].matches(Regex("\\d+:")) }
            .groupBy({ it[3] }, { it[1].toLong() }).mapValues { (_, counts) -> counts.sum() } +
            // What the JVM's compiler gives back may hide in the process what leaks; here nothing does.
            ("allocations of the library" to allocationsHeld().toLong())
    }

    /** Once the threads that let go of native memory after a collection have caught up: they lag where processors are few. */
    private fun settled(): Map<String, Long> {
        var (least, unchanged) = objects() to 0
        while (unchanged < 5) {
            val now = objects()
            unchanged = if (now.values.sum() < least.values.sum() - SOME) 0 else unchanged + 1
            least = now
        }
        return least
    }

    /** Classes of which there are many more, by how many. Waited for; what leaks does not go away. */
    private fun leftSince(before: Map<String, Long>): Map<String, Long> {
        val deadline = System.nanoTime() + LONGEST
        while (true) {
            val grown = objects().mapValues { (name, count) -> count - (before[name] ?: 0) }.filterValues { it > SOME }
            if (grown.isEmpty() || System.nanoTime() > deadline) return grown
        }
    }

    private companion object {
        const val WINDOW = 1_000

        /** Ten thousand cycles. */
        const val FEWEST = 10
        const val MOST = 60

        /** Of which the middle one is asked. */
        const val LAST = 5

        /** In kB: thirty-two bytes for each cycle of a window. */
        const val GROWTH = 32L

        /** Objects of one kind: what every cycle leaves comes to ten times that. */
        const val SOME = WINDOW

        /** A minute, in nanoseconds. */
        const val LONGEST = 60_000_000_000
    }
}
