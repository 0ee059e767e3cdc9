package app.skolebro.contract

import app.skolebro.ffi.SkolebroException
import kotlinx.serialization.json.JsonObject

/** An error's fields as a story sees them. */
fun shownError(error: SkolebroException): JsonObject =
    when (error) {
        is SkolebroException.NotSignedIn -> fields("standing" to error.standing?.let(::snake))
        is SkolebroException.Unsent -> fields("waiting" to error.waiting)
        is SkolebroException.OutboxDamaged -> fields("kept_at" to error.keptAt)
        is SkolebroException.OutboxTooNew -> fields("form" to error.form)
        is SkolebroException.Refused -> fields("code" to snake(error.code), "retry_after" to error.retryAfter?.seconds)
        is SkolebroException.BadSettings -> fields("detail" to error.detail)
        is SkolebroException.SecretStore -> fields("detail" to error.detail)
        is SkolebroException.Storage -> fields("detail" to error.detail)
        is SkolebroException.Internal -> fields("detail" to error.detail)
        is SkolebroException.Closed,
        is SkolebroException.Suspended,
        is SkolebroException.UnknownSchool,
        is SkolebroException.NoSuchItem,
        is SkolebroException.TokenLost,
        is SkolebroException.Offline,
        is SkolebroException.Untrusted,
        is SkolebroException.Timeout,
        is SkolebroException.Garbled,
        is SkolebroException.Cancelled -> fields()
    }
