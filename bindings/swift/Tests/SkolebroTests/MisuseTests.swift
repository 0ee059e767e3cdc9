import Foundation
import Skolebro
import Testing

extension Everything {
    /// What a shell does wrong: each gets a typed error, and nothing aborts.
    @Suite struct Misuse {
        @Test func aClosedPhoneSaysSoToEveryCall() async throws {
            let folder = try Folder()
            let phone = try await folder.open()
            await phone.close()
            await phone.close()
            let nowhere = try #require(SchoolId("00000000-0000-5000-8000-000000000000"))
            let item = try #require(CommandId("00000000-0000-7000-8000-000000000000"))
            let device = try #require(DeviceId("00000000-0000-5000-8000-000000000000"))
            let body = CommandBody.markSeen(pupils: [], day: try #require(SchoolDay("2026-09-15")))
            let draft = Draft(school: nowhere, capacity: .home, body: body, dependsOn: nil)
            let calls: [() async throws -> Any] = [
                { try await phone.who() as Any }, { try await phone.enrol(code: "CODE", deviceName: "x") },
                { try await phone.signOut() }, { try await phone.devices() }, { try await phone.revoke(device) },
                { try await phone.language() }, { try await phone.setLanguage(nil) },
                { try await phone.screen(.home, school: nowhere) }, { try await phone.now() },
                { try await phone.warnings() }, { try await phone.keptAside() }, { try await phone.submit(draft) },
                { try await phone.advise(draft) as Any }, { try await phone.mend(item, with: body) },
                { try await phone.resend(item) }, { try await phone.dismiss(item) }, { try await phone.takeBack(item) },
                { try await phone.capacities(school: nowhere, body: body) },
                { try await phone.syncOnce(within: .seconds(1)) }, { try phone.cancel() },
                { try await phone.startSync() }, { try await phone.stopSync() }, { try await phone.syncNow() },
                { try await phone.suspend() }, { try await phone.resume() }, { try phone.changes() },
                { try phone.syncStates() },
            ]
            for (number, call) in calls.enumerated() {
                await #expect(throws: SkolebroError.Closed, "call \(number)") { _ = try await call() }
            }
            #expect(!phone.syncState.running)
        }

        @Test func openedOnOneThreadUsedOnOthersAndClosedOnYetAnother() async throws {
            let folder = try Folder()
            let settings = folder.settings
            let core = try await onThread { try Skolebro.open(settings: settings, secrets: Secrets()) }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<8 {
                    group.addTask {
                        try await onThread {
                            for _ in 0..<50 {
                                guard try core.who() == nil else { throw Failure("somebody") }
                                _ = try core.now()
                            }
                        }
                    }
                }
                try await group.waitForAll()
            }
            try await onThread { core.shutDown() }
            #expect(throws: SkolebroError.Closed) { try core.who() }
        }

        @Test func aListenerMayCallBackAndFailAndStillHearsTheNextChange() async throws {
            let folder = try Folder()
            let phone = try await folder.open()
            let meddler = Meddler(phone.core, shutsDown: false)
            let listening = try phone.core.onChange(listener: meddler)
            for heard in 1...3 {
                try await until("change \(heard)") { meddler.heard >= heard }
                try await phone.setLanguage(nil)
            }
            listening.cancel()
            await phone.close()
        }

        @Test func aListenerMayShutThePhoneDown() async throws {
            let folder = try Folder()
            let phone = try await folder.open()
            try await phone.startSync()
            let meddler = Meddler(phone.core, shutsDown: true)
            let listening = try phone.core.onChange(listener: meddler)
            try await until("it was told") { meddler.heard == 1 }
            await #expect(throws: SkolebroError.Closed) { try await phone.who() }
            listening.cancel()
            await phone.close()
        }

        @Test func aSecretStoreThatFailsIsToldOf() async throws {
            struct Odd: Error {}
            try await Town.with { town in
                let secrets = Secrets()
                let phone = try await town.open("amal", secrets: secrets)
                let faults: [(any Error, String)] = [
                    (SecretStoreError.Locked, "locked"), (SecretStoreError.Failed(detail: "låst 🔒"), "låst 🔒"),
                    // Its own words stay out: they may hold the secret.
                    (Odd(), "failed in a way that it does not know itself"),
                ]
                for (fault, detail) in faults {
                    let code = try await town.code(of: "Amal")
                    secrets.failWith(fault)
                    await #expect(throws: SkolebroError.SecretStore(detail: detail)) {
                        try await phone.enrol(code: code, deviceName: "Amals telefon")
                    }
                    #expect(try await phone.who() == nil)
                }
                secrets.failWith(nil)
                let code = try await town.code(of: "Amal")
                #expect(try await phone.enrol(code: code, deviceName: "Amals telefon").standing == .enrolled)
                await phone.close()
            }
        }

        @Test func aPanicInsideIsAnErrorAndThePhoneGoesOn() async throws {
            let folder = try Folder()
            let phone = try await folder.open()
            for _ in 0..<3 {
                #expect(throws: SkolebroError.Internal(detail: "asked for")) { try panicInside(phone: phone.core) }
            }
            #expect(try await phone.who() == nil)
            await phone.close()
        }

        @Test func anIdThatIsNoneIsAnErrorAndNoAbort() async throws {
            let folder = try Folder()
            let phone = try await folder.open()
            #expect(SchoolId("skolan") == nil)
            // Nothing in Swift makes such a day; a school of another person's is said to be unknown, or nobody is signed in.
            let nowhere = try #require(SchoolId("00000000-0000-5000-8000-000000000000"))
            await #expect(throws: SkolebroError.NotSignedIn(standing: nil)) {
                try await phone.screen(.home, school: nowhere)
            }
            await phone.close()
        }

        @Test func closingEndsASyncThatWaits() async throws {
            try await Town.with { town in
                let amal = try await town.phone(of: "Amal")
                try await town.ask("hang")
                let sync = Task { try await amal.syncOnce(within: .seconds(60)) }
                _ = try await town.ask(object(["host": "hung", "count": 1]))
                await amal.close()
                #expect(try await sync.value.ended == .cancelled)
                await #expect(throws: SkolebroError.Closed) { try await amal.syncOnce(within: .seconds(60)) }
            }
        }

        @Test func everyErrorHasWordsInEveryLanguage() throws {
            let variants = errorVariants()
            #expect(variants.count >= 16)
            for variant in variants {
                let error: SkolebroError
                do {
                    try failWith(variant: variant)
                    throw Failure("\(variant) is no error")
                } catch let its as SkolebroError {
                    error = its
                }
                #expect(caseName(error) == variant)
                for language in [Language.sv, .da, .nb, .en] {
                    let words = explain(error: error, language: language)
                    #expect(!words.text.isEmpty && !words.instead.isEmpty && !words.text.contains("prov"))
                }
            }
        }
    }
}

/// Calls the phone from within, and then fails.
private final class Meddler: ChangeListener {
    private let core: Skolebro
    private let shutsDown: Bool
    private let count = Locked(0)

    init(_ core: Skolebro, shutsDown: Bool) {
        self.core = core
        self.shutsDown = shutsDown
    }

    var heard: Int { count.with { $0 } }

    func changed(change: Change) throws {
        _ = try core.who()
        try core.onChange(listener: Heard()).cancel()
        if shutsDown { core.shutDown() }
        count.with { $0 += 1 }
        throw Failure("a listener that fails")
    }
}
