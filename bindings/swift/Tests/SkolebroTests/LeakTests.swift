import Foundation
import Skolebro
import Testing

extension Everything {
    /// Opening and closing, subscribing and cancelling, ten thousand times each: memory stays where it was.
    @Suite struct Leaks {
        let cycles = 10_000
        /// What the second half of the cycles may add, in kilobytes: a hundred bytes for each.
        let bound = 500

        @Test func openingAndClosing() async throws {
            let (folder, secrets) = (try Folder(), Secrets())
            let grown = try await growth {
                let phone = try await folder.open(secrets: secrets)
                let changes = try phone.changes()
                await phone.close()
                // It has ended with the phone, whether or not it had told anything yet.
                for await change in changes where change != .everything { throw Failure("told \(change)") }
            }
            #expect(grown < bound)
        }

        @Test func subscribingAndCancelling() async throws {
            let folder = try Folder()
            let phone = try await folder.open()
            let grown = try await growth {
                for await change in try phone.changes() {
                    #expect(change == .everything)
                    break
                }
                for await state in try phone.syncStates() {
                    #expect(!state.running)
                    break
                }
                // Let go of before anything is told.
                _ = try phone.changes()
            }
            #expect(grown < bound)
            await phone.close()
        }

        /// How much the second half has added to what this process holds, after a thousand to warm up.
        private func growth(_ cycle: () async throws -> Void) async throws -> Int {
            for _ in 0..<1_000 { try await cycle() }
            for _ in 0..<cycles / 2 { try await cycle() }
            let half = try kilobytesHeld()
            for _ in 0..<cycles / 2 { try await cycle() }
            return try kilobytesHeld() - half
        }
    }
}

#if os(Linux)
    /// What this process has in memory now.
    private func kilobytesHeld() throws -> Int {
        let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
        guard let number = line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap({ Int($0) }) else {
            throw Failure("no VmRSS")
        }
        return number
    }
#else
    /// The most that this process has ever had in memory: what leaks raises it too.
    private func kilobytesHeld() throws -> Int {
        var usage = rusage()
        guard getrusage(RUSAGE_SELF, &usage) == 0 else { throw Failure("no rusage") }
        return Int(usage.ru_maxrss) / 1024
    }
#endif
