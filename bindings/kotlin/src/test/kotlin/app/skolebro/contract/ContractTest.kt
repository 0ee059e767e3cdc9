package app.skolebro.contract

import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.MethodSource

/** Every story of `bindings/contract`, against the library and a real server process. None is left out. */
class ContractTest {
    @ParameterizedTest(name = "{0}")
    @MethodSource("stories")
    fun story(name: String) = Story.play(name)

    companion object {
        @JvmStatic
        fun stories(): List<String> = StoryFiles.all().also { assertTrue(it.isNotEmpty(), "no stories in ${StoryFiles.folder}") }
    }
}
