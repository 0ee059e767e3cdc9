import FirstLines
import Foundation
import Skolebro
import Testing

extension Everything {
    /// What docs/bindings.md shows works, against a real server.
    @Suite struct FirstLinesOfUse {
        @Test func theyReportLivSick() async throws {
            // With the machine's own clock, as in an app: what day it is the phone knows from its server.
            try await Town.with { town in
                let shown = Locked<[String]>([])
                let code = try await town.code(of: "Amal")
                let kept = try await firstLines(folder: town.folder.appending(path: "amal"), server: town.url, code: code) {
                    line in shown.with { $0.append(line) }
                }
                guard case .kept? = kept else { throw Failure("not kept: \(shown.with { $0 })") }
                let lines = shown.with { $0 }
                #expect(lines.count == 2)
                #expect(lines.first?.contains("Liv Berg") == true)
                #expect(lines.last?.contains("of 1 taken, complete") == true)
            }
        }
    }
}
