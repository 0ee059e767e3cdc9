package app.skolebro

import app.skolebro.core.Capacity
import app.skolebro.core.Change
import app.skolebro.core.CommandBody
import app.skolebro.core.CommandId
import app.skolebro.core.DeviceEntry
import app.skolebro.core.DeviceId
import app.skolebro.core.Draft
import app.skolebro.core.IfAdvised
import app.skolebro.core.Language
import app.skolebro.core.Moment
import app.skolebro.core.PersonId
import app.skolebro.core.Refusal
import app.skolebro.core.SchoolId
import app.skolebro.core.Screen
import app.skolebro.core.ScreenRequest
import app.skolebro.core.SyncReport
import app.skolebro.core.Who
import app.skolebro.ffi.HandedCode
import app.skolebro.ffi.SecretStore
import app.skolebro.ffi.Settings
import app.skolebro.ffi.Skolebro
import app.skolebro.ffi.Submission
import app.skolebro.ffi.Together
import app.skolebro.ffi.SyncState
import app.skolebro.ffi.Warnings
import java.time.Duration
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.withContext

/**
 * The phone, as a view model uses it: what blocks is suspending and runs on [dispatcher][open], what changes is a flow. It
 * holds no rule and no state of its own; every type is the library's.
 *
 * Failures are [app.skolebro.ffi.SkolebroException], closed for a `when`; [app.skolebro.ffi.explain] has the words for a
 * person. All calls may be made from any thread, several at once.
 *
 * A coroutine that is cancelled in a call waits until the call has come back. Where the call waits for the server it is
 * called off. Where it writes it is finished: say something that must not depend on a screen's life in a scope that
 * outlives the screen.
 */
public class Phone(library: Skolebro, dispatcher: CoroutineDispatcher = Dispatchers.IO) : AutoCloseable {
    private val calls = Calls(library, dispatcher)

    // Who uses it.

    /**
     * Exchanges an activation code from the school for a token. Waits for the server. What the one who is signed in has not
     * sent is sent first; where it cannot be, it fails with `Unsent` unless the person has chosen [evenIfUnsent].
     */
    public suspend fun enrol(code: String, deviceName: String, evenIfUnsent: Boolean = false): Who =
        calls.waiting { enrol(code, deviceName, it, evenIfUnsent) }

    /** Who is signed in, or was: look at the standing. `null`: nobody has enrolled yet. */
    public suspend fun who(): Who? = calls.local { who() }

    /**
     * Forgets the token and what was read, and seals the outbox until the same person enrols again. What is not sent is sent
     * first; where it cannot be, it fails with `Unsent` unless the person has chosen [evenIfUnsent].
     */
    public suspend fun signOut(evenIfUnsent: Boolean = false): Unit = calls.local { signOut(evenIfUnsent) }

    /** How much waits here, sealed, of people who are not signed in. Never what. */
    public suspend fun sealed(): UInt = calls.local { sealed() }

    /** The person's phones. Waits for the server. */
    public suspend fun devices(): List<DeviceEntry> = calls.waiting { devices(it) }

    /** For staff: a code for somebody's next phone, to be shown once. Waits for the server. */
    public suspend fun makeCode(school: SchoolId, person: PersonId): HandedCode =
        calls.waiting { makeCode(school, person, it) }

    /** Revokes one of the person's phones. Waits for the server. The one in the hand as [signOut]. */
    public suspend fun revokeDevice(device: DeviceId, evenIfUnsent: Boolean = false): Unit =
        calls.waiting { revokeDevice(device, it, evenIfUnsent) }

    // What is shown.

    /** One screen of one of the person's schools, with every text in the person's language. Needs no network. */
    public suspend fun screen(school: SchoolId, wanted: ScreenRequest): Screen = calls.local { screen(school, wanted) }

    /** In which capacities this person may ask for that. More than one: ask the person which. */
    public suspend fun capacities(school: SchoolId, body: CommandBody): List<Capacity> =
        calls.local { capacities(school, body) }

    /** Reports that have not left the phone near the cutoff, and when to ask again. */
    public suspend fun warnings(): Warnings = calls.local { warnings() }

    /** The server's time, as well as this phone knows it. */
    public suspend fun now(): Moment = calls.local { now() }

    /** The language that texts are in now. */
    public suspend fun language(): Language = calls.local { language() }

    /** `null`: the person's own, or the school's. [changes] tells that everything is to be read again. */
    public suspend fun setLanguage(language: Language?): Unit = calls.local { setLanguage(language) }

    // What is said.

    /** Queues a command: on the disk before this comes back, sent when there is a network. */
    public suspend fun submit(draft: Draft, ifAdvised: IfAdvised): Submission = calls.local { submit(draft, ifAdvised) }

    /** The same at the child's other schools too, where there is anything to say there: all or none of them are kept. */
    public suspend fun submitEverywhere(draft: Draft, ifAdvised: IfAdvised): Together =
        calls.local { submitEverywhere(draft, ifAdvised) }

    /** What the rules on this phone would say of it, without queueing it. */
    public suspend fun advise(draft: Draft): Refusal? = calls.local { advise(draft) }

    /** Sends something else instead of a rejected command, in its place. */
    public suspend fun mend(rejected: CommandId, body: CommandBody, ifAdvised: IfAdvised): Submission =
        calls.local { mend(rejected, body, ifAdvised) }

    /** Sends a rejected command again as it was. Its new id. */
    public suspend fun resend(rejected: CommandId): CommandId = calls.local { resend(rejected) }

    /** The person has seen the rejection. */
    public suspend fun dismiss(rejected: CommandId): Unit = calls.local { dismiss(rejected) }

    /** Takes back what has never been on its way, and what depends on it with it. */
    public suspend fun takeBack(queued: CommandId): Unit = calls.local { takeBack(queued) }

    // Keeping in step with the server.

    /** Sends what is queued and pulls what is new, until there is no more of either or the deadline comes. Fits a worker. */
    public suspend fun syncOnce(deadline: Duration): SyncReport = calls.waiting { syncOnce(deadline, it) }

    /** Keeps in step from now on, on a thread of the library's own. Once is enough. */
    public suspend fun startSync(): Unit = calls.local { startSync() }

    /** Stops that, and what it waits for. */
    public suspend fun stopSync(): Unit = calls.local { stopSync() }

    /** Lets it sync now: the app came to the front, or a push message arrived. Comes back at once. */
    public fun syncNow(): Unit = calls.here { syncNow() }

    /** Whatever waits for the server now gives up. Comes back at once. To end one call, cancel its coroutine. */
    public fun cancel(): Unit = calls.here { cancel() }

    // What changes. Each collection listens on its own, and stops when it is cancelled; closing the phone ends it.

    /**
     * What to read again, [Change.Everything] first. A slow collector misses nothing, but hears once what was told several
     * times, and of very much only that everything is to be read again.
     */
    public fun changes(): Flow<Change> = changes(calls)

    /** How the phone stands with the server: as it stands now first, and then always the newest. */
    public fun syncStates(): Flow<SyncState> = syncStates(calls)

    // Its files.

    /** Closes them before the app is put to sleep; whatever waits for the server is called off. */
    public suspend fun suspend(): Unit = calls.local { suspend() }

    /** Opens them again. */
    public suspend fun resume(): Unit = calls.local { resume() }

    /** Damaged outboxes that were put aside in this folder, oldest first. */
    public suspend fun keptAside(): List<String> = calls.local { keptAside() }

    /**
     * Ends it: what waits for the server gives up, flows complete, the files are closed. Every other call fails as `Closed`
     * from then on. Nothing that was kept is lost. Twice is once. May wait a moment for what is just being written.
     */
    override fun close(): Unit = calls.close()

    public companion object {
        /** Opens the phone in a folder, whoever is or is not signed in there. Needs no network. */
        public suspend fun open(
            settings: Settings,
            secrets: SecretStore,
            dispatcher: CoroutineDispatcher = Dispatchers.IO,
        ): Phone {
            var opened: Phone? = null
            try {
                return withContext(dispatcher) {
                    Phone(Skolebro.open(settings, GuardedSecrets(secrets)), dispatcher).also { opened = it }
                }
            } catch (cancellation: CancellationException) {
                // Nobody else could close it.
                opened?.close()
                throw cancellation
            }
        }
    }
}
