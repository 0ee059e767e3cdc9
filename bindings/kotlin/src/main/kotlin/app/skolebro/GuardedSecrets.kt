package app.skolebro

import app.skolebro.ffi.SecretStore
import app.skolebro.ffi.SecretStoreException

/**
 * An app's secret store, whose unforeseen failures become the store's own error. Of such a failure only its name is told:
 * its words and its stack may hold the secret, and must never reach a log.
 */
internal class GuardedSecrets(private val secrets: SecretStore) : SecretStore {
    override fun load(): String? = guarded { secrets.load() }

    override fun save(secret: String): Unit = guarded { secrets.save(secret) }

    override fun clear(): Unit = guarded { secrets.clear() }

    private fun <T> guarded(use: () -> T): T =
        try {
            use()
        } catch (foreseen: SecretStoreException) {
            throw foreseen
        } catch (unforeseen: Throwable) {
            // Errors too: one that left here would be printed and lost on its way through the library.
            throw SecretStoreException.Failed(unforeseen.javaClass.simpleName)
        }
}
