package app.skolebro.contract

import app.skolebro.ffi.SecretStore
import app.skolebro.ffi.SecretStoreException

/** The secret store as an app would write it, but in memory, and able to fail. */
class Secrets : SecretStore {
    @Volatile var failing: Boolean = false
    @Volatile private var held: String? = null

    override fun load(): String? = working { held }

    override fun save(secret: String) = working { held = secret }

    override fun clear() = working { held = null }

    private fun <T> working(use: () -> T): T {
        if (failing) throw SecretStoreException.Failed("nyckelringen är låst 🔒")
        return use()
    }
}
