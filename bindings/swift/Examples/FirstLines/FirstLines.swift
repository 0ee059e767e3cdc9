import Foundation
import Skolebro

/// The first twenty lines of use: docs/bindings.md shows them, and the tests run them against a real server.
public func firstLines(folder: URL, server: String, code: String, show: (String) -> Void) async throws -> Submission? {
    // [first-lines]
    let settings = Settings(folder: folder.path, server: server, language: nil)
    let phone = try await Phone.open(settings, secrets: FileSecrets(folder.appendingPathExtension("secret")))
    let who = try await phone.enrol(code: code, deviceName: "Amals telefon 📱")
    try await phone.syncOnce(within: .seconds(30))

    var kept: Submission?
    for await change in try phone.changes() {  // what to read again: everything first
        if change == .outbox { break }  // something was said: the stream ends with its consumer
        guard let school = who.schools.first, case .home(let today) = try await phone.screen(.home, school: school),
            let child = today.children.first, let sick = child.actions.first(where: { $0.does == .reportSick })
        else { break }
        show("\(today.heading): \(child.pupil.name), \(child.today.status.text)")
        // A button brings its command ready-made. It is on the disk when this comes back, network or none.
        let draft = Draft(school: school, capacity: sick.capacity, body: sick.body, dependsOn: nil)
        kept = try await phone.submit(draft, ifAdvised: .sendAnyway)
    }
    let report = try await phone.syncOnce(within: .seconds(30))  // a cancelled task stops waiting
    show("\(report.accepted) of \(report.sent) taken, \(report.ended)")
    await phone.close()
    // [/first-lines]
    return kept
}
