import Foundation
import Skolebro

/// A phone of a story: what is around the library's object. Its calls are in `Verbs.swift`.
final class StoryPhone: Sendable {
    private struct Held {
        var phone: Phone?
        /// By folder, as a keychain keeps them: what one process saved, the next one finds.
        var secrets: [String: Secrets] = [:]
        var folder = ""
        var listening: [String: (heard: Heard, subscription: Subscription)] = [:]
        var cancellations: [String: Cancellation] = [:]
    }

    private let name: String
    private let held = Locked(Held())

    init(_ name: String) {
        self.name = name
    }

    func act(_ step: Step, in story: Story) async throws -> Json {
        switch try step.text("do") {
        case "open": try await open(step, in: story)
        case "drop": held.with { $0.phone = nil }
        case "secrets": try setSecrets(step.text("to"))
        case "overwrite": try overwrite(step, in: story)
        case "holds": return object(["found": try holds(step.text("text"), in: story)])
        case "listen": try listen(step)
        case "heard":
            let name = try step.text("as")
            guard let heard = held.with({ $0.listening[name]?.heard }) else { throw Failure("nobody listens as \(name)") }
            return try heard.soFar().json
        case "unlisten":
            let name = try step.text("as")
            guard let its = held.with({ $0.listening[name]?.subscription }) else { throw Failure("no \(name)") }
            its.cancel()
        case "fail_with": try failWith(variant: step.text("variant"))
        case "explain": return try explained(step)
        default: return try await call(step, of: opened(), in: story)
        }
        return object([:])
    }

    private func opened() throws -> Phone {
        guard let phone = held.with({ $0.phone }) else { throw Failure("\(name) has not been opened") }
        return phone
    }

    private func open(_ step: Step, in story: Story) async throws {
        let folder = step.json["folder"].text ?? name
        let failing = step.json["secrets"] == .text("failing")
        let secrets = held.with { held in
            let secrets = held.secrets[folder] ?? Secrets()
            held.secrets[folder] = secrets
            held.folder = folder
            return secrets
        }
        secrets.failWith(failing ? Self.locked : nil)
        let settings = Settings(
            folder: story.town.folder.appending(path: folder).path, server: step.json["server"].text ?? story.town.url,
            language: step.json["language"] == .null ? nil : try step.language("language"))
        let timeout = TimeInterval(step.number("timeout_ms", else: 20_000)) / 1000
        let clock = story.town.clock
        let core = try await apart {
            try openForTests(settings: settings, secrets: secrets, clock: clock, requestTimeout: timeout)
        }
        held.with { $0.phone = Phone(owning: core) }
    }

    private static let locked = SecretStoreError.Failed(detail: "nyckelringen är låst 🔒")

    private func setSecrets(_ to: String) throws {
        guard to == "failing" || to == "working" else { throw Failure("secrets cannot be \(to)") }
        held.with { $0.secrets[$0.folder]?.failWith(to == "failing" ? Self.locked : nil) }
    }

    private func overwrite(_ step: Step, in story: Story) throws {
        let folder = story.town.folder.appending(path: held.with { $0.folder })
        let file = try FileHandle(forUpdating: folder.appending(path: step.text("file")))
        try file.seek(toOffset: UInt64(step.number("at", else: 0)))
        try file.write(contentsOf: Data((step.json["bytes"].list ?? []).compactMap { $0.number.map(UInt8.init) }))
        try file.close()
    }

    private func holds(_ text: String, in story: Story) throws -> Bool {
        let folder = story.town.folder.appending(path: held.with { $0.folder })
        let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        return try files.contains { try Data(contentsOf: $0).range(of: Data(text.utf8)) != nil }
    }

    /// By the library's own listeners: the order in which it calls is what stories ask for. Streams have tests of their own.
    private func listen(_ step: Step) throws {
        let (heard, core, name) = (Heard(), try opened().core, try step.text("as"))
        let subscription =
            switch try step.text("to") {
            case "changes": try core.onChange(listener: heard)
            case "sync": try core.onSync(listener: heard)
            case let other: throw Failure("nothing to listen to: \(other)")
            }
        held.with { $0.listening[name] = (heard, subscription) }
    }

    /// Whichever step names it first makes it: a call may be called off before it begins.
    func cancellation(_ step: Step) -> Cancellation? {
        guard let name = step.json["cancellation"].text else { return nil }
        return held.with { held in
            let its = held.cancellations[name] ?? Cancellation()
            held.cancellations[name] = its
            return its
        }
    }

    private func explained(_ step: Step) throws -> Json {
        do {
            try failWith(variant: step.text("variant"))
        } catch let error as SkolebroError {
            return Shown.refusal(explain(error: error, language: try step.language("language")))
        }
        throw Failure("no error of that name")
    }
}
