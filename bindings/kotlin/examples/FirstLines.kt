// The first lines of use, as docs/bindings.md shows them. FirstLinesTest runs them.
package app.skolebro.examples

import app.skolebro.Phone
import app.skolebro.core.Does
import app.skolebro.core.Draft
import app.skolebro.core.IfAdvised
import app.skolebro.core.Screen
import app.skolebro.core.ScreenRequest
import app.skolebro.ffi.SecretStore
import app.skolebro.ffi.Settings
import app.skolebro.ffi.Submission
import java.time.Duration
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.launch

// [first-lines]
suspend fun firstLines(settings: Settings, secrets: SecretStore, code: String, show: (String) -> Unit) = coroutineScope {
    Phone.open(settings, secrets).use { phone ->
        val school = phone.enrol(code, deviceName = "Amals telefon").schools.first()
        phone.syncOnce(deadline = Duration.ofSeconds(30))
        val drawing = launch { // Now, and again whenever something changes.
            phone.changes().collect {
                val screen = phone.screen(school, ScreenRequest.Home) as Screen.Home
                for (child in screen.shown.children) show("${child.pupil.name}: ${child.today.status.text}")
            }
        }
        val today = phone.screen(school, ScreenRequest.Home) as Screen.Home
        val sick = today.shown.children.first().actions.first { it.does == Does.REPORT_SICK }
        when (val said = phone.submit(Draft(school, sick.capacity, sick.body, dependsOn = null), IfAdvised.ASK)) {
            is Submission.Kept -> show("kept on this phone")
            is Submission.Advised -> show("${said.why.text} ${said.why.instead}")
        }
        show("sent: ${phone.syncOnce(deadline = Duration.ofSeconds(30)).accepted}")
        drawing.cancelAndJoin()
    }
}
// [/first-lines]
