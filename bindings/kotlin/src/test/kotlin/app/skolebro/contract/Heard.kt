package app.skolebro.contract

import app.skolebro.core.Change
import app.skolebro.ffi.ChangeListener
import app.skolebro.ffi.Skolebro
import app.skolebro.ffi.Subscription
import app.skolebro.ffi.SyncListener
import app.skolebro.ffi.SyncState
import java.util.concurrent.CopyOnWriteArrayList
import java.util.concurrent.atomic.AtomicBoolean

/** A listener that writes down what it is told, in order, and notices if it is told two things at once. */
class Heard private constructor() {
    private val told = CopyOnWriteArrayList<String>()
    private val busy = AtomicBoolean()
    private val overlapped = AtomicBoolean()
    private lateinit var subscription: Subscription

    fun soFar(): List<String> {
        check(!overlapped.get()) { "it was told two things at once" }
        return told.toList()
    }

    fun cancel() = subscription.cancel()

    private fun hear(what: String) {
        if (busy.getAndSet(true)) overlapped.set(true)
        told += what
        busy.set(false)
    }

    companion object {
        fun changes(phone: Skolebro): Heard = Heard().apply {
            subscription = phone.onChange(object : ChangeListener {
                override fun changed(change: Change) = hear(snake(change))
            })
        }

        fun syncs(phone: Skolebro): Heard = Heard().apply {
            subscription = phone.onSync(object : SyncListener {
                override fun changed(state: SyncState) = hear(inAWord(state))
            })
        }
    }
}
