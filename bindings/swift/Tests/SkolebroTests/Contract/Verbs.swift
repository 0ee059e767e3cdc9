import Foundation
import Skolebro

/// Every verb that is a call of the library.
extension StoryPhone {
    func call(_ step: Step, of phone: Phone, in story: Story) async throws -> Json {
        let town = story.town
        switch try step.text("do") {
        case "close": await phone.close()
        case "kept_aside": return object(["count": try await phone.keptAside().count])
        case "sign_out": try await phone.signOut(evenIfUnsent: step.json["unsent"].text != nil)
        case "suspend": try await phone.suspend()
        case "resume": try await phone.resume()
        case "start_sync": try await phone.startSync()
        case "stop_sync": try await phone.stopSync()
        case "sync_now": try await phone.syncNow()
        case "cancel":
            guard let its = cancellation(step) else { return try calledOff(phone) }
            its.cancel()
        case "panic": try await apart { try panicInside(phone: phone.core) }
        case "dismiss": try await phone.dismiss(story.item(step.text("item")))
        case "take_back": try await phone.takeBack(story.item(step.text("item")))
        case "resend": story.name(try await phone.resend(story.item(step.text("item"))), in: step)
        case "enrol":
            let code: String
            if let given = step.json["code"].text {
                code = given
            } else {
                code = try await town.code(of: step.text("person"))
            }
            return shown(try await phone.enrol(code: code, deviceName: step.text("name")), in: town)
        case "who": return shown(try await phone.who(), in: town)
        case "devices":
            guard let its = cancellation(step) else { return .list(try await phone.devices().map(Shown.device)) }
            let core = phone.core
            return .list(try await apart { try core.devices(cancellation: its) }.map(Shown.device))
        case "revoke_device":
            let name = try step.text("name")
            guard let device = try await phone.devices().first(where: { $0.name == name }) else {
                throw Failure("no \(name)")
            }
            try await phone.revoke(device.device)
        case "language":
            if let to = step.json.fields?["to"] {
                try await phone.setLanguage(to == .null ? nil : step.language("to"))
            }
            return object(["language": snake(try await phone.language())])
        case "now": return object(["now": moment(try await phone.now())])
        case "sync":
            let deadline = Duration.milliseconds(step.number("deadline_ms", else: 60_000))
            guard let its = cancellation(step) else { return Shown.synced(try await phone.syncOnce(within: deadline)) }
            let core = phone.core
            return Shown.synced(
                try await apart { try core.syncOnce(deadline: deadline / .seconds(1), cancellation: its) })
        case "sync_state": return Shown.syncState(phone.syncState)
        case "warnings": return Shown.warnings(try await phone.warnings())
        case "report", "press", "mend", "advise", "capacities": return try await say(step, with: phone, in: story)
        case "today", "child", "roll", "inbox", "outbox", "absences": return try await look(step, at: phone, in: town)
        case "pages": return try await pages(step, of: phone, in: town)
        case "threads": return try await threads(step, with: phone.core, in: town)
        case let other: throw Failure("no verb \(other)")
        }
        return object([:])
    }

    private func calledOff(_ phone: Phone) throws -> Json {
        try phone.cancel()
        return object([:])
    }

    private func say(_ step: Step, with phone: Phone, in story: Story) async throws -> Json {
        let town = story.town
        switch try step.text("do") {
        case "report":
            return try await send(step.draft(in: story), step, with: phone, in: story)
        case "press":
            return try await send(button(step, on: phone, in: town), step, with: phone, in: story)
        case "mend":
            let item = try story.item(step.text("item"))
            let done = try await phone.mend(item, with: step.report(in: town), ifAdvised: step.ifAdvised)
            return submitted(done, step, in: story)
        case "advise":
            return object(["advice": try await phone.advise(step.draft(in: story)).map(Shown.refusal)])
        case "capacities":
            let found = try await phone.capacities(school: town.school, body: step.report(in: town))
            return .list(found.map(Shown.capacity))
        case let other: throw Failure("no verb \(other)")
        }
    }

    private func send(_ draft: Draft, _ step: Step, with phone: Phone, in story: Story) async throws -> Json {
        guard step.json["everywhere"] == .bool(true) else {
            return submitted(try await phone.submit(draft, ifAdvised: step.ifAdvised), step, in: story)
        }
        switch try await phone.submitEverywhere(draft, ifAdvised: step.ifAdvised) {
        case .kept(let each):
            if let first = each.first { story.name(first.id, in: step) }
            let advice = each.compactMap(\.advice).map(Shown.refusal)
            return object(["kept": true, "schools": each.count, "advice": Json.list(advice)])
        case .advised(let each):
            let advice = each.map { Shown.refusal($0.why) }
            return object(["kept": false, "schools": each.count, "advice": Json.list(advice)])
        }
    }

    private func submitted(_ submission: Submission, _ step: Step, in story: Story) -> Json {
        switch submission {
        case .kept(let id, let advice):
            story.name(id, in: step)
            return object(["kept": true, "advice": advice.map(Shown.refusal)])
        case .advised(let why):
            return object(["kept": false, "advice": Shown.refusal(why)])
        }
    }

    private func shown(_ who: Who?, in town: Town) -> Json {
        object(["person": who.flatMap { town.name(of: $0.person) }, "standing": who.map { snake($0.standing) }])
    }

    private func look(_ step: Step, at phone: Phone, in town: Town) async throws -> Json {
        let limit = step.number("limit", else: 20)
        let wanted: ScreenRequest =
            switch try step.text("do") {
            case "today": .home
            case "child": .childPage(pupil: try town.person(step.text("child")), before: nil, limit: limit)
            case "roll": try step.roll(in: town)
            case "inbox": .notices(after: nil, limit: limit)
            case "outbox":
                .said(window: Window(skip: step.number("skip", else: 0), limit: step.number("limit", else: 100)))
            case "absences": try step.absences(after: nil)
            case let other: throw Failure("no screen \(other)")
            }
        let school: SchoolId
        if let other = step.json["school"].text {
            guard let id = SchoolId(other) else { throw Failure("no school \(other)") }
            school = id
        } else {
            school = try town.school
        }
        let screen = try await phone.screen(wanted, school: school)
        guard caseName(screen) == caseName(wanted) || caseName(screen) == "notTheirs" else {
            throw Failure("asked for \(caseName(wanted)), and got \(caseName(screen))")
        }
        switch screen {
        case .home(let shown): return Shown.today(shown)
        case .childPage(let shown): return Shown.child(shown)
        case .roll(let shown): return Shown.roll(shown)
        case .notices(let shown): return Shown.inbox(shown)
        case .said(let shown): return Shown.outbox(shown)
        case .absences(let shown): return Shown.absences(shown)
        case .notTheirs(let text): return object(["not_theirs": text])
        case .staff, .figures, .whoReads, .group, .school, .calls, .explanations, .followUps, .evacuation:
            throw Failure("no story looks at \(caseName(screen))")
        }
    }
}
