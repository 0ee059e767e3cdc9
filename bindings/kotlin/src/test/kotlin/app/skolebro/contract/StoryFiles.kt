package app.skolebro.contract

import java.io.File
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.jsonObject

/** Where the stories are: one table for every language. */
object StoryFiles {
    val folder: File = File(System.getenv("SKOLEBRO_CONTRACT") ?: "../contract")

    /** Every story's name, in order. */
    fun all(): List<String> =
        folder.listFiles { file -> file.extension == "json" }.orEmpty().map { it.nameWithoutExtension }.sorted()

    fun read(name: String): JsonObject = Json.parseToJsonElement(folder.resolve("$name.json").readText()).jsonObject
}
