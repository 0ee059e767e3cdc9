import Foundation

/// The process that holds the schools: started once for the whole run, asked by one line, answered by one. It ends when this
/// process does, since its stdin is closed then.
final class Host: @unchecked Sendable {
    static let shared = Result { try Host() }

    private let lock = NSLock()
    private let process = Process()
    private let asked = Pipe()
    private let told = Pipe()
    private var read = Data()

    private init() throws {
        let named = ProcessInfo.processInfo.environment["SKOLEBRO_CONTRACT_HOST"]
        process.executableURL =
            named.map { URL(fileURLWithPath: $0) } ?? Places.root.appending(path: "target/debug/contract-host")
        process.standardInput = asked
        process.standardOutput = told
        try process.run()
    }

    /// The answer's `ok`. Its `error` is thrown.
    static func ask(_ request: Json) async throws -> Json {
        try await apart { try shared.get().ask(request) }
    }

    private func ask(_ request: Json) throws -> Json {
        lock.lock()
        defer { lock.unlock() }
        try asked.fileHandleForWriting.write(contentsOf: Data("\(request)\n".utf8))
        while true {
            if let end = read.firstIndex(of: UInt8(ascii: "\n")) {
                let answer = try JSONDecoder().decode(Json.self, from: read[..<end])
                read = Data(read[read.index(after: end)...])
                if let error = answer["error"].text { throw Failure("the host says: \(error), to \(request)") }
                return answer["ok"]
            }
            let more = told.fileHandleForReading.availableData
            guard !more.isEmpty else { throw Failure("the host has ended") }
            read.append(more)
        }
    }
}

enum Places {
    /// The project's own folder.
    static let root = (1...6).reduce(URL(fileURLWithPath: #filePath)) { place, _ in place.deletingLastPathComponent() }

    static let stories =
        ProcessInfo.processInfo.environment["SKOLEBRO_CONTRACT"].map { URL(fileURLWithPath: $0) }
        ?? root.appending(path: "bindings/contract")
}
