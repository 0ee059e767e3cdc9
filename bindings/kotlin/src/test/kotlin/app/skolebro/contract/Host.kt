package app.skolebro.contract

import java.io.BufferedReader
import java.io.BufferedWriter
import java.io.File
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.jsonObject

/** The process that holds the schools: started once for the whole run, asked by one line, answered by one. */
object Host {
    private val process: Process by lazy {
        val binary = System.getenv("SKOLEBRO_CONTRACT_HOST") ?: "../../target/debug/contract-host"
        check(File(binary).canExecute()) { "no contract-host at $binary: cargo build -p skolebro-tests --bin contract-host" }
        // It ends when this process does, since its stdin is closed then.
        ProcessBuilder(binary).redirectError(ProcessBuilder.Redirect.INHERIT).start()
    }
    private val asked: BufferedWriter by lazy { process.outputStream.bufferedWriter() }
    private val told: BufferedReader by lazy { process.inputStream.bufferedReader() }

    /** The answer's `ok`. */
    @Synchronized
    fun ask(request: JsonObject): JsonObject {
        asked.write(request.toString())
        asked.newLine()
        asked.flush()
        val answer = Json.parseToJsonElement(told.readLine() ?: error("the host has ended")).jsonObject
        return answer["ok"]?.jsonObject ?: error("$request: ${answer["error"]}")
    }

    fun ask(vararg fields: Pair<String, Any?>): JsonObject = ask(fields(*fields))
}
