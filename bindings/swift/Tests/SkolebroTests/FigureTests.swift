import Foundation
import Skolebro
import Testing

extension Everything {
    /// What calls cost through the border, beside `bindings/examples/figures.rs`. With SKOLEBRO_BENCH set it runs often
    /// enough to say so, a JSON line each; without, once or twice, so that it is never found broken when somebody wants to
    /// know.
    @Suite struct Figures {
        let asked = ProcessInfo.processInfo.environment["SKOLEBRO_BENCH"].map { !$0.isEmpty } ?? false

        @Test func costs() async throws {
            try await Town.with { town in
                let (pupils, days) = asked ? (500, 20) : (50, 6)
                _ = try await town.ask(object(["host": "grow", "pupils": pupils]))
                _ = try await town.ask(
                    object(["host": "absences", "pupils": pupils, "days": days, "from": "2026-09-08"]))
                let (amal, olga, school) = (
                    try await town.phone(of: "Amal"), try await town.phone(of: "Olga"), try town.school
                )

                // As the other languages count: the library's own calls, without the actor.
                let trivial = median(1_000) { for _ in 0..<100 { _ = amal.core.syncState() } } / 100
                show("trivial_call", trivial)
                show("today", try median(300) { _ = try amal.core.screen(school: school, wanted: .home) })
                show("page_200", try median(50) { _ = try page(of: olga, school, after: nil) })
                show(
                    "pages_10000",
                    try median(5) {
                        var (total, after) = (0, AbsencePlace?.none)
                        repeat {
                            let shown = try page(of: olga, school, after: after)
                            (total, after) = (total + shown.items.count, shown.next)
                        } while after != nil
                        guard total == pupils * days else { throw Failure("\(total) absences") }
                    })
                // What the actor adds: two changes of thread.
                var hops: [Int] = []
                for _ in 0..<runs(1_000) {
                    let since = ContinuousClock.now
                    _ = try await amal.who()
                    hops.append(nanoseconds(since))
                }
                show("trivial_call_through_the_actor", hops.sorted()[hops.count / 2])

                await olga.close()
                await amal.close()
                let (settings, clock) = (town.settings("Amal"), town.clock)
                show(
                    "cold_open",
                    try median(50) {
                        let core = try openForTests(
                            settings: settings, secrets: Secrets(), clock: clock, requestTimeout: 1)
                        _ = try core.screen(school: school, wanted: .home)
                        core.shutDown()
                    })
            }
        }

        private func page(of phone: Phone, _ school: SchoolId, after: AbsencePlace?) throws -> AbsenceLines {
            guard let from = SchoolDay("2026-09-01"), let to = SchoolDay("2026-10-30"),
                case .absences(let shown) = try phone.core.screen(
                    school: school, wanted: .absences(from: from, to: to, after: after, limit: 200))
            else { throw Failure("no absences") }
            return shown.absences
        }

        private func runs(_ runs: Int) -> Int {
            asked ? runs : min(runs, 2)
        }

        private func median(_ most: Int, _ work: () throws -> Void) rethrows -> Int {
            var took: [Int] = []
            for _ in 0..<runs(most) {
                let since = ContinuousClock.now
                try work()
                took.append(nanoseconds(since))
            }
            return took.sorted()[took.count / 2]
        }

        private func nanoseconds(_ since: ContinuousClock.Instant) -> Int {
            let (seconds, attoseconds) = (ContinuousClock.now - since).components
            return Int(seconds) * 1_000_000_000 + Int(attoseconds / 1_000_000_000)
        }

        private func show(_ what: String, _ ns: Int) {
            if asked { print(object(["lang": "swift", "what": what, "ns": ns])) }
        }
    }
}
