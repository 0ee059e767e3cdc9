package app.skolebro.contract

import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.contentOrNull
import kotlinx.serialization.json.jsonPrimitive

// JSON as the stories need it: built from plain values, and read field by field.

fun fields(vararg fields: Pair<String, Any?>): JsonObject =
    JsonObject(fields.associate { (name, value) -> name to json(value) })

fun json(value: Any?): JsonElement =
    when (value) {
        null -> JsonNull
        is JsonElement -> value
        is String -> JsonPrimitive(value)
        is Boolean -> JsonPrimitive(value)
        is Int -> JsonPrimitive(value)
        is Long -> JsonPrimitive(value)
        is UInt -> JsonPrimitive(value.toLong())
        is List<*> -> JsonArray(value.map(::json))
        else -> error("no JSON of a ${value::class}")
    }

/** The text of a field that must be there. */
fun JsonObject.text(field: String): String = textOrNull(field) ?: error("$this has no text $field")

/** `null` where there is no such field, or it is `null`. */
fun JsonObject.textOrNull(field: String): String? = this[field]?.jsonPrimitive?.contentOrNull

fun JsonObject.number(field: String, otherwise: Int): Int = textOrNull(field)?.toInt() ?: otherwise
