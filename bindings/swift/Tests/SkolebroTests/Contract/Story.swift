import Foundation
import Skolebro

/// What became of a step: its result, and the error's name where it failed.
struct Outcome: Sendable {
    let result: Json
    let error: String?
}

/// Plays one story: takes its steps in order, and holds what they share.
final class Story: Sendable {
    let town: Town
    private let phones = Locked<[String: StoryPhone]>([:])
    /// Ids of what was reported, by the names that the story gives.
    private let items = Locked<[String: CommandId]>([:])

    private init(_ town: Town) {
        self.town = town
    }

    /// Every story's name, in order.
    static func all() throws -> [String] {
        let files = try FileManager.default.contentsOfDirectory(at: Places.stories, includingPropertiesForKeys: nil)
        return files.filter { $0.pathExtension == "json" }.map { $0.deletingPathExtension().lastPathComponent }.sorted()
    }

    static func run(_ name: String) async throws {
        let file = try Data(contentsOf: Places.stories.appending(path: "\(name).json"))
        let steps = try JSONDecoder().decode(Json.self, from: file)["steps"].list ?? []
        guard let opening = steps.first, opening["host"] == .text("open") else {
            throw Failure("\(name) does not begin by opening a school")
        }
        try await Town.with(opening) { town in
            let story = Story(town)
            var background: [String: Task<Outcome, any Error>] = [:]
            for (number, json) in steps.enumerated().dropFirst() {
                do {
                    try await story.play(Step(json: json), &background)
                } catch {
                    throw Failure("\(name), step \(number): \(json)\n  \(error)")
                }
            }
        }
    }

    private func play(_ step: Step, _ background: inout [String: Task<Outcome, any Error>]) async throws {
        let joins = step.json["do"] == .text("join")
        if let name = step.json["background"].text, !joins {
            background[name] = Task { try await self.take(step) }
            return
        }
        let began = ContinuousClock.now
        let until = began + .milliseconds(step.json["until_ms"].number ?? 0)
        while true {
            let outcome: Outcome
            if joins {
                guard let task = background.removeValue(forKey: try step.text("background")) else {
                    throw Failure("no step of that name")
                }
                outcome = try await task.value
            } else {
                outcome = try await take(step)
            }
            guard let wrong = Self.judge(step, outcome) else { break }
            guard ContinuousClock.now < until else { throw Failure(wrong) }
            try await Task.sleep(for: .milliseconds(5))
        }
        if let within = step.json["within_ms"].number {
            let took = ContinuousClock.now - began
            guard took <= .milliseconds(within) else { throw Failure("took \(took)") }
        }
    }

    /// What is wrong with it, if anything is.
    private static func judge(_ step: Step, _ outcome: Outcome) -> String? {
        let wanted = step.json["error"].text
        guard wanted == outcome.error else {
            return "error \(outcome.error ?? "none") \(outcome.result), and not \(wanted ?? "none")"
        }
        guard let expected = step.json.fields?["expect"] else { return nil }
        return difference(expected, outcome.result)
    }

    private func take(_ step: Step) async throws -> Outcome {
        if let verb = step.json["host"].text {
            if verb == "clock" { town.clock.advanceTo(to: try Date(step.text("to"), strategy: .iso8601)) }
            return Outcome(result: try await town.ask(step.json), error: nil)
        }
        let name = try step.text("phone")
        let phone = phones.with { phones in
            let phone = phones[name] ?? StoryPhone(name)
            phones[name] = phone
            return phone
        }
        do {
            return Outcome(result: try await phone.act(step, in: self), error: nil)
        } catch let error as SkolebroError {
            return Outcome(result: fields(of: error), error: caseName(error))
        }
    }

    /// For steps that name it, where this one gives it a name.
    func name(_ id: CommandId, in step: Step) {
        guard let name = step.json["as"].text else { return }
        items.with { $0[name] = id }
    }

    func item(_ name: String) throws -> CommandId {
        guard let id = items.with({ $0[name] }) else { throw Failure("nothing is called \(name)") }
        return id
    }
}
