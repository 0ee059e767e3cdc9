import Dispatch
import Foundation
import Skolebro
import Testing

extension Everything {
    /// A task that is cancelled stops waiting for the server, and holds up nobody while it waits.
    @Suite struct CallingOff {
        /// No server answers in this time, and no request ends by itself.
        let long = Duration.seconds(60)

        @Test func screensAreReadWhileASyncWaits() async throws {
            try await Town.with { town in
                let amal = try await town.phone(of: "Amal")
                try await town.ask("hang")
                let sync = Task { try await amal.syncOnce(within: long) }
                _ = try await town.ask(object(["host": "hung", "count": 1]))
                guard case .home(let today) = try await amal.screen(.home, school: town.school) else {
                    throw Failure("no today")
                }
                #expect(today.children.map(\.pupil.name) == ["Liv Berg"])
                #expect(amal.syncState.syncing)
                try await amal.submit(town.sick("2026-09-15"))
                sync.cancel()
                #expect(try await sync.value.ended == .cancelled)
                try await town.ask("start")
                #expect(try await amal.syncOnce(within: long).accepted == 1)
                await amal.close()
            }
        }

        @Test func whateverWaitsEndsWithItsTask() async throws {
            try await Town.with { town in
                let amal = try await town.phone(of: "Amal")
                let code = try await town.code(of: "Amal")
                let device = try #require(try await amal.devices().first?.device)
                try await town.ask("hang")
                let waiting: [@Sendable () async throws -> Void] = [
                    { _ = try await amal.devices() },
                    { try await amal.revoke(device) },
                    { try await amal.enrol(code: code, deviceName: "Amals andra telefon") },
                ]
                for (number, call) in waiting.enumerated() {
                    let task = Task { try await call() }
                    _ = try await town.ask(object(["host": "hung", "count": number + 1]))
                    task.cancel()
                    await #expect(throws: SkolebroError.Cancelled) { try await task.value }
                }
                await amal.close()
            }
        }

        @Test func aTaskThatIsCancelledAtAnyMomentComesBack() async throws {
            try await Town.with { town in
                let amal = try await town.phone(of: "Amal")
                try await town.ask("hang")
                // Before the call, just as it begins, and a little later.
                for pause in 0..<40 {
                    let sync = Task { try await amal.syncOnce(within: long) }
                    for _ in 0..<pause * 25 { await Task.yield() }
                    sync.cancel()
                    #expect(try await sync.value.ended == .cancelled)
                }
                await amal.close()
            }
        }

        @Test func aTaskThatIsCancelledJustBeforeTheLibraryWaitsComesBackToo() async throws {
            try await Town.with { town in
                let secrets = Secrets()
                let amal = try await town.phone(of: "Amal", secrets: secrets)
                try await town.ask("hang")
                // The secret is read first: whoever cancels meanwhile finds nothing that waits for the server yet.
                let (asked, goOn) = (Locked(false), DispatchSemaphore(value: 0))
                secrets.beforeLoading {
                    asked.with { $0 = true }
                    goOn.wait()
                }
                let sync = Task { try await amal.syncOnce(within: long) }
                try await until("the secret is asked for") { asked.with { $0 } }
                secrets.beforeLoading(nil)
                sync.cancel()
                goOn.signal()
                // And not that it is out of time, which it would be in the end.
                #expect(try await sync.value.ended == .cancelled)
                await amal.close()
            }
        }

        @Test func aTaskThatIsCancelledEndsNoOthersCall() async throws {
            try await Town.with { town in
                let amal = try await town.phone(of: "Amal")
                try await town.ask("hang")
                let patient = Task { try await amal.syncOnce(within: long) }
                _ = try await town.ask(object(["host": "hung", "count": 1]))
                let other = Task { try await amal.devices() }
                _ = try await town.ask(object(["host": "hung", "count": 2]))
                let third = Task { try await amal.syncOnce(within: long) }
                other.cancel()
                await #expect(throws: SkolebroError.Cancelled) { try await other.value }
                third.cancel()
                #expect(try await third.value.ended == .cancelled)
                #expect(amal.syncState.syncing)
                try amal.cancel()
                #expect(try await patient.value.ended == .cancelled)
                #expect(!amal.syncState.syncing)
                await amal.close()
            }
        }

        @Test func aTaskThatIsCancelledAlreadyAsksTheServerNothing() async throws {
            let folder = try Folder()
            let phone = try await folder.open()
            let task = Task {
                withUnsafeCurrentTask { $0?.cancel() }
                await #expect(throws: SkolebroError.Cancelled) { try await phone.devices() }
                return try await phone.syncOnce(within: long)
            }
            #expect(try await task.value.ended == .cancelled)
            await phone.close()
        }

        @Test func aDeadlineThatIsNoneAbortsNothing() async throws {
            let folder = try Folder()
            let phone = try await folder.open()
            for deadline in [Duration.seconds(-5), .zero, .nanoseconds(1), .seconds(Int64.max)] {
                #expect(try await phone.syncOnce(within: deadline).ended == .signedOut(nil))
            }
            await phone.close()
        }
    }
}
