package app.skolebro

import app.skolebro.core.Change
import java.nio.file.Path
import java.util.concurrent.atomic.AtomicInteger
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.onEach
import kotlinx.coroutines.flow.take
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.launch
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir

/** The listeners as flows. */
class FlowTest {
    @TempDir lateinit var folder: Path

    @Test
    fun `changes begin with everything, and the next one comes when something changes`() = story {
        Phone(alone(folder)).use { phone ->
            val first = CompletableDeferred<Unit>()
            val heard = async { phone.changes().onEach { first.complete(Unit) }.take(2).toList() }
            first.await()
            phone.setLanguage(null)
            assertEquals(listOf(Change.Everything, Change.Everything), heard.await())
        }
    }

    @Test
    fun `sync states begin with how it stands, and follow it`() = story {
        Phone(alone(folder)).use { phone ->
            val standing = phone.syncStates().first()
            assertEquals(listOf(false, false), listOf(standing.running, standing.syncing))
            val running = async { phone.syncStates().first { it.running } }
            phone.startSync()
            running.await()
            phone.stopSync()
            assertEquals(false, phone.syncStates().first { !it.running }.syncing)
        }
    }

    @Test
    fun `closing the phone ends every flow`() = story {
        val phone = Phone(alone(folder))
        val begun = List(2) { CompletableDeferred<Unit>() }
        val changes = launch { phone.changes().collect { begun[0].complete(Unit) } }
        val states = launch { phone.syncStates().collect { begun[1].complete(Unit) } }
        begun.forEach { it.await() }
        phone.close()
        changes.join()
        states.join()
        assertTrue(!changes.isCancelled && !states.isCancelled)
    }

    @Test
    fun `a slow collector holds nobody up, and hears once what was told many times`() = story {
        val phone = Phone(alone(folder))
        val (begun, goOn) = List(2) { CompletableDeferred<Unit>() }
        val slow = AtomicInteger()
        val collecting = launch(Dispatchers.Default) {
            phone.changes().collect {
                slow.incrementAndGet()
                begun.complete(Unit)
                goOn.await()
            }
        }
        begun.await()
        val quick = async { phone.changes().take(20).toList().size }
        while (!quick.isCompleted) {
            phone.setLanguage(null)
            kotlinx.coroutines.yield()
        }
        assertEquals(20, quick.await())
        goOn.complete(Unit)
        phone.close()
        collecting.join()
        assertTrue(slow.get() in 1..3, "told ${slow.get()} times")
    }

    @Test
    fun `a collector that stops leaves the others listening`() = story {
        Phone(alone(folder)).use { phone ->
            val (first, second) = List(2) { CompletableDeferred<Unit>() }
            val staying = async { phone.changes().onEach { second.complete(Unit) }.take(2).toList() }
            val leaving = launch { phone.changes().collect { first.complete(Unit) } }
            first.await()
            second.await()
            leaving.cancel()
            leaving.join()
            phone.setLanguage(null)
            assertEquals(2, staying.await().size)
        }
    }
}
