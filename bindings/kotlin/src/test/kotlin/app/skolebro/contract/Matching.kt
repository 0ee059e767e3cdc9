package app.skolebro.contract

import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject

/**
 * Where a result differs from what `expect` says of it, in words; `null`: nowhere. An object names some fields, a list all
 * its elements, and the rest is equal.
 */
fun difference(expected: JsonElement, actual: JsonElement, at: String = "result"): String? =
    when {
        expected is JsonObject && actual is JsonArray ->
            expected.firstNotNullOfOrNull { (how, elements) -> inList(how, elements, actual, at) }
        expected is JsonObject && actual is JsonObject ->
            expected.firstNotNullOfOrNull { (name, wanted) ->
                val found = actual[name]
                if (found == null) "$at has no $name: $actual" else difference(wanted, found, "$at.$name")
            }
        expected is JsonArray && actual is JsonArray && expected.size == actual.size ->
            expected.indices.firstNotNullOfOrNull { number -> difference(expected[number], actual[number], "$at[$number]") }
        expected == actual -> null
        else -> "$at is $actual, and not $expected"
    }

private fun inList(how: String, elements: JsonElement, found: JsonArray, at: String): String? {
    val wanted = when (how) {
        "contains" -> true
        "lacks" -> false
        else -> return "$at is a list, and $how says nothing of lists"
    }
    if (elements !is JsonArray) return "$at: $how takes a list"
    val wrong = elements.firstOrNull { element -> found.any { difference(element, it, at) == null } != wanted }
    return wrong?.let { "$at: $how $it does not hold of $found" }
}
