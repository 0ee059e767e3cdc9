package app.skolebro

import app.skolebro.core.Change
import app.skolebro.ffi.ChangeListener
import app.skolebro.ffi.Skolebro
import app.skolebro.ffi.Subscription
import app.skolebro.ffi.SyncListener
import app.skolebro.ffi.SyncState
import kotlinx.coroutines.DisposableHandle
import kotlinx.coroutines.channels.ProducerScope
import kotlinx.coroutines.channels.awaitClose
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.callbackFlow
import kotlinx.coroutines.flow.conflate
import kotlinx.coroutines.flow.emitAll
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.flow.transform

// The library's listeners as flows. All listeners share one thread of the library: here each only leaves what it has heard,
// and never waits for whoever collects.

internal fun changes(calls: Calls): Flow<Change> = flow {
    val waiting = WaitingChanges()
    val heard = callbackFlow {
        listen(calls) {
            onChange(object : ChangeListener {
                override fun changed(change: Change) {
                    waiting.add(change)
                    trySend(Unit)
                }
            })
        }
    }
    emitAll(heard.conflate().transform { waiting.take().forEach { change -> emit(change) } })
}

/** Of a collector that is too slow for all of them, only the newest matters. */
internal fun syncStates(calls: Calls): Flow<SyncState> = callbackFlow {
    listen(calls) {
        onSync(object : SyncListener {
            override fun changed(state: SyncState) {
                trySend(state)
            }
        })
    }
}.conflate()

/** Until the collector stops, or the phone is closed. */
private suspend fun <T> ProducerScope<T>.listen(calls: Calls, subscribe: Skolebro.() -> Subscription) {
    var subscription: Subscription? = null
    var ending: DisposableHandle? = null
    try {
        calls.local { subscription = subscribe() }
        // Not before: who collects from a phone that is closed already is to hear that, and not an end.
        ending = calls.closed.invokeOnCompletion { close() }
        awaitClose()
    } finally {
        ending?.dispose()
        subscription?.run {
            cancel()
            destroy()
        }
    }
}

/** What has not been collected yet: each change once, and of too many only that everything has changed. */
private class WaitingChanges {
    private val changes = LinkedHashSet<Change>()

    @Synchronized
    fun add(change: Change) {
        if (Change.Everything in changes) return
        if (change == Change.Everything || changes.size == MOST) {
            changes.clear()
            changes += Change.Everything
        } else {
            changes += change
        }
    }

    @Synchronized
    fun take(): List<Change> = changes.toList().also { changes.clear() }

    private companion object {
        const val MOST = 64
    }
}
