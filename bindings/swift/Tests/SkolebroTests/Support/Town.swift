import Foundation
import Skolebro

/// A school of the host's: its server, its people, and the clock that its phones share.
final class Town: Sendable {
    let clock: TestClock
    /// Holds the phones' folders; goes with the town.
    let folder: URL
    private let opened: Json

    private init(_ opened: Json, at: Date) {
        self.opened = opened
        clock = TestClock(at: at)
        folder = FileManager.default.temporaryDirectory.appending(path: "skolebro-\(UUID().uuidString)")
    }

    deinit {
        try? FileManager.default.removeItem(at: folder)
    }

    /// Opens one, and closes it however the work ends.
    static func with<Value>(_ opening: Json, _ work: (Town) async throws -> Value) async throws -> Value {
        let at = try Date(opening["at"].text ?? "", strategy: .iso8601)
        let town = Town(try await Host.ask(opening), at: at)
        do {
            try FileManager.default.createDirectory(at: town.folder, withIntermediateDirectories: true)
            let value = try await work(town)
            try await town.ask("close")
            return value
        } catch {
            try? await town.ask("close")
            throw error
        }
    }

    /// A school day in September, an hour and more before the cutoff.
    static func with<Value>(_ work: (Town) async throws -> Value) async throws -> Value {
        try await with(object(["host": "open", "at": "2026-09-15T04:50:00Z"]), work)
    }

    func ask(_ request: Json) async throws -> Json {
        var request = request
        request["town"] = opened["town"]
        return try await Host.ask(request)
    }

    /// A verb without arguments.
    func ask(_ verb: String) async throws {
        _ = try await ask(object(["host": verb]))
    }

    func code(of person: String) async throws -> String {
        let answer = try await ask(object(["host": "code", "person": person]))
        guard let code = answer["code"].text else { throw Failure("no code in \(answer)") }
        return code
    }

    var url: String { opened["url"].text ?? "" }

    var school: SchoolId {
        get throws { try Self.id(opened["school"].text) }
    }

    func person(_ name: String) throws -> PersonId {
        try Self.id(opened["people"][name].text, of: name)
    }

    func group(_ name: String) throws -> GroupId {
        try Self.id(opened["groups"][name].text, of: name)
    }

    /// The name of a person that the host named.
    func name(of person: PersonId) -> String? {
        opened["people"].fields?.first { $0.value == .text(person.description) }?.key
    }

    private static func id<Of>(_ text: String?, of name: String = "the town") throws -> Identifier<Of> {
        guard let id = text.flatMap(Identifier<Of>.init) else { throw Failure("no id of \(name)") }
        return id
    }

    func settings(_ name: String) -> Settings {
        Settings(folder: folder.appending(path: name).path, server: url, language: nil)
    }

    /// Opens a phone whose requests end after so long.
    func open(_ name: String, secrets: any SecretStore = Secrets(), timeout: TimeInterval = 60) async throws -> Phone {
        let (settings, clock) = (settings(name), clock)
        return Phone(
            owning: try await apart {
                try openForTests(settings: settings, secrets: secrets, clock: clock, requestTimeout: timeout)
            })
    }

    /// A phone that is signed in and in step.
    func phone(of person: String, secrets: any SecretStore = Secrets()) async throws -> Phone {
        let phone = try await open(person, secrets: secrets)
        try await phone.enrol(code: try await code(of: person), deviceName: "\(person)s telefon")
        let report = try await phone.syncOnce(within: .seconds(60))
        guard report.ended == .complete else { throw Failure("\(person) is not in step: \(report.ended)") }
        return phone
    }

    /// Liv is sick on that day.
    func sick(_ day: String) throws -> Draft {
        guard let day = SchoolDay(day) else { throw Failure("no day: \(day)") }
        let body = CommandBody.reportAbsence(
            pupils: [try person("Liv")], kind: .sick, from: day, to: day, part: nil, note: nil, onBehalfOf: nil,
            phonedAt: nil)
        return Draft(school: try school, capacity: .home, body: body, dependsOn: nil)
    }
}
