package app.skolebro

import app.skolebro.ffi.Skolebro
import app.skolebro.ffi.SkolebroException
import java.util.concurrent.atomic.AtomicBoolean
import kotlin.time.Duration.Companion.milliseconds
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CompletableJob
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.Job
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.async
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.withContext
import kotlinx.coroutines.withTimeoutOrNull

/**
 * The way that every call takes to the library: off the caller's thread, and said to be closed once it is. What it must
 * never do is to come back before the call has: no call outlives the coroutine that made it.
 */
internal class Calls(private val library: Skolebro, private val dispatcher: CoroutineDispatcher) {
    private val shut = AtomicBoolean(false)
    private val ended: CompletableJob = Job()

    /** Completes when the phone is closed. */
    val closed: Job get() = ended

    /** At once, on the caller's thread. */
    fun <T> here(call: Skolebro.() -> T): T {
        if (shut.get()) throw SkolebroException.Closed()
        try {
            return library.call()
        } catch (destroyed: IllegalStateException) {
            // The generated object's own word for it, where closing overtook the call.
            throw if (shut.get()) SkolebroException.Closed() else destroyed
        }
    }

    /** Reads or writes this phone's files. */
    suspend fun <T> local(call: Skolebro.() -> T): T = withContext(dispatcher) { here(call) }

    /** Waits for the server; a coroutine that is cancelled calls it off. */
    suspend fun <T> waiting(call: Skolebro.() -> T): T = coroutineScope {
        // Its failure is a value, or it would be thrown in the place of the cancellation that caused it.
        val work = async(dispatcher) { runCatching { here(call) } }
        try {
            work.await()
        } catch (cancellation: CancellationException) {
            withContext(NonCancellable) {
                // More than once: the call may not have come as far as the network yet, and then there is nothing to call off.
                while (!work.isCompleted) {
                    runCatching { here { cancel() } }
                    withTimeoutOrNull(AGAIN) { work.join() }
                }
            }
            throw cancellation
        }
    }.getOrThrow()

    fun close() {
        if (!shut.compareAndSet(false, true)) return
        library.shutDown()
        library.destroy()
        ended.complete()
    }

    private companion object {
        val AGAIN = 20.milliseconds
    }
}
