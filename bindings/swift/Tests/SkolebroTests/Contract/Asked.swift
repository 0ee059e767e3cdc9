import Foundation
import Skolebro

/// What a step says, read.
struct Step: Sendable {
    let json: Json

    /// A field that the step must have.
    func text(_ field: String) throws -> String {
        guard let text = json[field].text else { throw Failure("\(json) has no text \(field)") }
        return text
    }

    func number(_ field: String, else otherwise: UInt32) -> UInt32 {
        json[field].number.map { UInt32($0) } ?? otherwise
    }

    func day(_ field: String) throws -> SchoolDay {
        guard let day = SchoolDay(try text(field)) else { throw Failure("\(json): \(field) is no day") }
        return day
    }

    func language(_ field: String) throws -> Language {
        switch try text(field) {
        case "sv": .sv
        case "da": .da
        case "nb": .nb
        case "en": .en
        case let other: throw Failure("no language \(other)")
        }
    }

    var ifAdvised: IfAdvised {
        get throws {
            switch json["if_advised"].text {
            case nil, "send_anyway": .sendAnyway
            case "ask": .ask
            case let other?: throw Failure("no answer to advice: \(other)")
            }
        }
    }

    /// The form of an absence, filled in.
    func report(in town: Town) throws -> CommandBody {
        guard let children = json["children"].list?.compactMap(\.text) else { throw Failure("\(json) names no children") }
        let from = try day("from")
        let kind: AbsenceKind =
            switch try text("kind") {
            case "sick": .sick
            case "appointment": .appointment
            case "other": .other
            case let other: throw Failure("no kind of absence: \(other)")
            }
        return .reportAbsence(
            pupils: try children.map(town.person), kind: kind, from: from,
            to: json["to"] == .null ? from : try day("to"), part: try part, note: json["note"].text, onBehalfOf: nil,
            phonedAt: nil)
    }

    private var part: PartOfDay? {
        get throws {
            guard json["part"] != .null else { return nil }
            guard let from = json["part"]["from"].text.flatMap(TimeOfDay.init),
                let to = json["part"]["to"].text.flatMap(TimeOfDay.init)
            else { throw Failure("\(json): no part of a day") }
            return PartOfDay(from: from, to: to)
        }
    }

    func draft(in story: Story) throws -> Draft {
        let capacity: Capacity =
            switch json["capacity"].text {
            case nil, "home": .home
            case "contact_teacher": .staff(.contactTeacher)
            case "office": .staff(.office)
            case "principal": .staff(.principal)
            case let other?: throw Failure("no capacity \(other)")
            }
        return Draft(
            school: try story.town.school, capacity: capacity, body: try report(in: story.town),
            dependsOn: try json["depends_on"].text.map(story.item))
    }

    func roll(in town: Town) throws -> ScreenRequest {
        .roll(group: try town.group(text("group")), day: try day("day"), session: nil)
    }

    func absences(after: AbsencePlace?) throws -> ScreenRequest {
        .absences(from: try day("from"), to: try day("to"), after: after, limit: number("limit", else: 200))
    }
}

/// A button that is found on a screen, as a draft: the first that does what the step says.
func button(_ step: Step, on phone: Phone, in town: Town) async throws -> Draft {
    let does = try step.text("does")
    let label = step.json["label"].text
    let actions = try await buttons(step, on: phone, in: town)
    // `mark` has several: the label tells them apart.
    let found = actions.first { snake($0.does) == does && (label == nil || $0.label == label) }
    guard let found else { throw Failure("no button \(does) among \(actions.map { "\($0.does) \($0.label)" })") }
    return Draft(school: try town.school, capacity: found.capacity, body: found.body, dependsOn: nil)
}

private func buttons(_ step: Step, on phone: Phone, in town: Town) async throws -> [Action] {
    let school = try town.school
    let child = try step.json["child"].text.map(town.person)
    switch try step.text("on") {
    case "today":
        guard case .home(let shown) = try await phone.screen(.home, school: school) else { throw Failure("no today") }
        guard let child else { return shown.together }
        guard let its = shown.children.first(where: { $0.pupil.id == child }) else { throw Failure("no such child") }
        return its.actions + its.toExplain.flatMap(\.actions)
    case "roll":
        guard case .roll(let shown) = try await phone.screen(step.roll(in: town), school: school) else {
            throw Failure("no roll")
        }
        guard let child else { return shown.seen + [shown.close].compactMap { $0 } }
        guard let row = shown.rows.first(where: { $0.row.pupil.id == child }) else { throw Failure("not in the roll") }
        return [row.undo].compactMap { $0 } + row.marks
    case "inbox":
        guard case .notices(let shown) = try await phone.screen(.notices(after: nil, limit: 20), school: school) else {
            throw Failure("no inbox")
        }
        return shown.notices.items.compactMap(\.read)
    case let other:
        throw Failure("no screen \(other)")
    }
}
