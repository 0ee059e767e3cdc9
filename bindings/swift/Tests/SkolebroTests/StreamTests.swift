import Foundation
import Skolebro
import Testing

extension Everything {
    /// What a phone tells: the current state first, then each change, until the consumer or the phone ends.
    @Suite struct TheStreams {
        @Test func changesBeginWithEverythingAndComeInOrder() async throws {
            try await Town.with { town in
                let amal = try await town.phone(of: "Amal")
                try await town.ask("stop")
                var heard: [String] = []
                for await change in try amal.changes() {
                    heard.append(snake(change))
                    if heard == ["everything"] { try await amal.submit(town.sick("2026-09-15")) }
                    if heard.count == 3 { break }
                }
                #expect(heard == ["everything", "outbox", "records"])
                await amal.close()
            }
        }

        @Test func syncStatesBeginWithHowItStands() async throws {
            try await Town.with { town in
                let amal = try await town.phone(of: "Amal")
                var heard: [String] = []
                for await state in try amal.syncStates() {
                    heard.append(inAWord(state))
                    if heard.count == 1 {
                        try await town.ask("stop")
                        try await amal.syncOnce(within: .seconds(20))
                    }
                    if heard.count == 3 { break }
                }
                #expect(heard == ["complete", "syncing", "offline"])
                #expect(amal.syncState.trouble?.code == "offline")
                await amal.close()
            }
        }

        @Test func streamsEndWhenThePhoneIsClosed() async throws {
            let folder = try Folder()
            let phone = try await folder.open()
            let (changes, states) = (try phone.changes(), try phone.syncStates())
            let listening = Task {
                var count = 0
                for await _ in changes { count += 1 }
                for await _ in states { count += 1 }
                return count
            }
            await phone.close()
            #expect(await listening.value <= 2)
            #expect(throws: SkolebroError.Closed) { try phone.changes() }
            #expect(throws: SkolebroError.Closed) { try phone.syncStates() }
        }

        @Test func streamsEndWhenThePhoneIsLetGoOf() async throws {
            let folder = try Folder()
            var phone: Phone? = try await folder.open()
            let changes = try #require(try phone?.changes())
            phone = nil
            for await change in changes { #expect(change == .everything) }
        }

        @Test func aStreamEndsWithItsTask() async throws {
            let folder = try Folder()
            let phone = try await folder.open()
            let changes = try phone.changes()
            let began = Locked(false)
            let listening = Task {
                for await _ in changes { began.with { $0 = true } }
            }
            try await until("the first change") { began.with { $0 } }
            listening.cancel()
            await listening.value
            await phone.close()
        }

        @Test func aConsumerThatIsSlowIsToldToReadEverythingAgain() async throws {
            let folder = try Folder()
            let phone = try await folder.open()
            let (slow, quick) = (try phone.changes(), Heard())
            let subscription = try phone.core.onChange(listener: quick)
            try await until("both have begun") { try quick.soFar() == ["everything"] }
            // One at a time, so that none gives way before it reaches the stream.
            for number in 1...200 {
                try await phone.setLanguage(number % 2 == 0 ? .nb : .da)
                try await until("change \(number)") { try quick.soFar().count > number }
            }
            subscription.cancel()
            await phone.close()
            var count = 0
            for await change in slow {
                #expect(change == .everything)
                count += 1
            }
            #expect((1...64).contains(count))
        }
    }
}
