package app.skolebro

import app.skolebro.core.InternalException as InternalCoreException
import app.skolebro.ffi.Cancellation
import app.skolebro.ffi.InternalException
import app.skolebro.ffi.Skolebro
import app.skolebro.ffi.SkolebroException
import java.util.concurrent.atomic.AtomicBoolean
import kotlin.coroutines.resume
import kotlinx.coroutines.CompletableJob
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.Job
import kotlinx.coroutines.async
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.suspendCancellableCoroutine
import kotlinx.coroutines.withContext

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
        } catch (refused: InternalException) {
            throw noValue(refused)
        } catch (refused: InternalCoreException) {
            throw noValue(refused)
        }
    }

    /** Of the generated code's own words nothing is kept: they may hold what the call was about. */
    private fun noValue(refused: Exception): SkolebroException =
        SkolebroException.Internal("a value did not cross the language border").apply { stackTrace = refused.stackTrace }

    /** Reads or writes this phone's files. */
    suspend fun <T> local(call: Skolebro.() -> T): T = withContext(dispatcher) { here(call) }

    /** Waits for the server; a coroutine that is cancelled calls it off. */
    suspend fun <T> waiting(call: Skolebro.(Cancellation) -> T): T = Cancellation().use { its ->
        coroutineScope {
            // Its failure is a value, or it would be thrown in the place of the cancellation that caused it.
            val work = async(dispatcher) { runCatching { here { call(its) } } }
            suspendCancellableCoroutine { waiting ->
                // On the thread that cancels: this coroutine's own may be the one that waits.
                waiting.invokeOnCancellation { its.cancel() }
                work.invokeOnCompletion { waiting.resume(Unit) }
            }
            work.await()
        }
    }.getOrThrow()

    fun close() {
        val first = shut.compareAndSet(false, true)
        // Whoever comes second waits for the first; or it is all over, and the object let go of.
        runCatching { library.shutDown() }
        if (!first) return
        library.destroy()
        ended.complete()
    }
}
