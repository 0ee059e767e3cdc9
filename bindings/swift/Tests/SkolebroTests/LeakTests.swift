import Foundation
import Skolebro
import Testing

extension Everything {
    /// Opening and closing, subscribing and cancelling, ten thousand times each: memory stays where it was.
    @Suite struct Leaks {
        let window = 1_000
        /// Ten thousand cycles.
        let fewest = 10
        let most = 60
        /// Of which the middle one is asked.
        let last = 5
        /// In kilobytes: thirty-two bytes for each cycle of a window.
        let growth = 32

        @Test func openingAndClosing() async throws {
            let (folder, secrets) = (try Folder(), Secrets())
            try await expectFlat("opening and closing") {
                let phone = try await folder.open(secrets: secrets)
                let changes = try phone.changes()
                await phone.close()
                // It has ended with the phone, whether or not it had told anything yet.
                for await change in changes where change != .everything { throw Failure("told \(change)") }
            }
        }

        @Test func subscribingAndCancelling() async throws {
            let folder = try Folder()
            let phone = try await folder.open()
            try await expectFlat("subscribing and cancelling") {
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
                // Called off before it began.
                let calledOff = Task {
                    withUnsafeCurrentTask { $0?.cancel() }
                    return try await phone.syncOnce(within: .seconds(60))
                }
                #expect(try await calledOff.value.ended == .cancelled)
                try await phone.startSync()
                try await phone.stopSync()
            }
            await phone.close()
        }

        /// What leaks adds to every window and never stops; what an allocator takes now and then adds to a few. So the
        /// middle one of the last windows is asked, and again until it is flat or has been given long enough.
        private func expectFlat(_ what: String, _ cycle: () async throws -> Void) async throws {
            for _ in 0..<window { try await cycle() }
            let before = allocationsHeld()
            var windows: [Int] = []
            func middle() -> Int { windows.suffix(last).sorted()[last / 2] }
            while windows.count < fewest || (middle() > growth && windows.count < most) {
                let start = try kilobytesHeld()
                for _ in 0..<window { try await cycle() }
                windows.append(try kilobytesHeld() - start)
            }
            // Fewer than one in ten cycles; threads that are ending still hold some.
            try await until("\(what) has given back what it took") { allocationsHeld() < before + UInt64(window) }
            print("\(what): \(windows) kB in windows of \(window), \(Int64(allocationsHeld()) - Int64(before)) allocations")
            #expect(middle() <= growth, "\(what) grows: \(windows) kB")
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
