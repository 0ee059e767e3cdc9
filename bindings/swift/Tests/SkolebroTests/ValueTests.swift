import Foundation
import Skolebro
import Testing

extension Everything {
    /// Values that cross the border, and those of this layer's own.
    @Suite struct Values {
        @Test func everyCommandComesBackAsItWent() {
            let commands = everyCommand()
            #expect(commands.count >= 25)
            for command in commands { #expect(echo(body: command) == command) }
        }

        @Test func aCommandBuiltHereComesBackAsItWent() throws {
            let pupil = try #require(PersonId("00000000-0000-5000-8000-00000000000a"))
            let day = try #require(SchoolDay(year: 2028, month: 2, day: 29))
            let part = PartOfDay(
                from: try #require(TimeOfDay(hour: 0, minute: 0)),
                to: try #require(TimeOfDay(hour: 23, minute: 59, second: 59, nanosecond: 5)))
            for micros in [0, 1, 1_774_746_000_123_456, 1_774_746_000_999_999, 1_789_447_800_000_001] {
                let at = Date(timeIntervalSince1970: TimeInterval(micros / 1_000_000))
                    .addingTimeInterval(Double(micros % 1_000_000) / 1e6)
                let command = CommandBody.reportAbsence(
                    pupils: [pupil], kind: .other, from: day, to: day, part: part, note: "Åse 🤒\u{0}\r\n æø",
                    onBehalfOf: pupil,
                    phonedAt: at)
                #expect(echo(body: command) == command)
            }
        }

        @Test func instantsKeepTheirMicroseconds() throws {
            // A place in a list is handed back as it came: a microsecond off would be another place.
            var at = Date(timeIntervalSince1970: 1_774_746_000)
            for _ in 0..<5_000 {
                at = at.addingTimeInterval(0.000_731_3)
                guard case .reportAbsence(_, _, _, _, _, _, _, let once?) = echo(body: phoned(at)),
                    case .reportAbsence(_, _, _, _, _, _, _, let twice?) = echo(body: phoned(once))
                else { throw Failure("another command") }
                #expect(abs(once.timeIntervalSince(at)) < 0.000_001)
                #expect(once == twice)
            }
        }

        private func phoned(_ at: Date) -> CommandBody {
            let day = SchoolDay(at, in: .gmt)
            return .reportAbsence(
                pupils: [], kind: .sick, from: day ?? .someDay, to: .someDay, part: nil, note: nil, onBehalfOf: nil,
                phonedAt: at)
        }

        @Test(arguments: ["2026-10-12", "0001-01-01", "9999-12-31", "2028-02-29", "2000-02-29"])
        func days(_ text: String) throws {
            #expect(try #require(SchoolDay(text)).description == text)
        }

        @Test(arguments: [
            "", "2026-10", "2026-1-02", "2026-02-29", "1900-02-29", "2026-13-01", "2026-00-10", "2026-04-31", "2026-10-00",
            "+026-10-12", "2026-10-12 ", "2026-10-1２", "2026-10-12-1", "0000-01-01",
        ])
        func noDays(_ text: String) {
            #expect(SchoolDay(text) == nil)
        }

        @Test func aDayIsThatOfItsZone() throws {
            let summer = try #require(TimeZone(identifier: "Europe/Stockholm"))
            // Half past midnight in Sweden, the day before in Greenwich: the night in which summer time begins.
            let at = try Date("2026-03-28T23:30:00Z", strategy: .iso8601)
            #expect(SchoolDay(at, in: summer) == SchoolDay("2026-03-29"))
            #expect(SchoolDay(at, in: .gmt) == SchoolDay("2026-03-28"))
            #expect(try #require(SchoolDay("2026-03-28")) < #require(SchoolDay("2026-04-01")))
        }

        @Test(arguments: [
            ("08:15", "08:15:00"), ("00:00:00", "00:00:00"), ("23:59:59.5", "23:59:59.500000000"),
            ("10:05:00.000000007", "10:05:00.000000007"),
        ])
        func timesOfDay(_ text: String, _ whole: String) throws {
            let time = try #require(TimeOfDay(text))
            #expect(time.description == whole)
            #expect(TimeOfDay(whole) == time)
        }

        @Test(arguments: [
            "", "8:15", "24:00", "08:60", "08:15:60", "08", "08:15:00.", "08:15.5", "08:15:00.1234567890", "-8:15",
        ])
        func noTimesOfDay(_ text: String) {
            #expect(TimeOfDay(text) == nil)
        }

        @Test func aSecretInAFileIsItsOwnersOnly() throws {
            let folder = try Folder()
            let file = folder.url.appending(path: "secret")
            let secrets = FileSecrets(file)
            #expect(try secrets.load() == nil)
            try secrets.clear()
            try secrets.save(secret: "första")
            try secrets.save(secret: "andra 🔑")
            #expect(try FileSecrets(file).load() == "andra 🔑")
            let mode = try FileManager.default.attributesOfItem(atPath: file.path)[.posixPermissions] as? Int
            #expect(mode == 0o600)
            try secrets.clear()
            #expect(try secrets.load() == nil)
            let nowhere = FileSecrets(folder.url.appending(path: "none/secret"))
            #expect(throws: SecretStoreError.self) { try nowhere.save(secret: "x") }
        }
    }
}

extension SchoolDay {
    fileprivate static let someDay = SchoolDay(year: 2026, month: 9, day: 15)!
}
