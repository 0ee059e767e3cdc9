import Foundation
import Skolebro

/// A folder for a phone, in memory where there is such a place: what is asked here is not how fast a disk is.
final class Folder: Sendable {
    let url: URL

    init() throws {
        let memory = URL(fileURLWithPath: "/dev/shm")
        let base = FileManager.default.isWritableFile(atPath: memory.path) ? memory : FileManager.default.temporaryDirectory
        url = base.appending(path: "skolebro-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(at: url)
    }

    /// A phone that nobody has enrolled, of a server that is not there.
    var settings: Settings { Settings(folder: url.path, server: "http://127.0.0.1:9", language: .sv) }

    func open(secrets: any SecretStore = Secrets()) async throws -> Phone {
        try await Phone.open(settings, secrets: secrets)
    }
}
