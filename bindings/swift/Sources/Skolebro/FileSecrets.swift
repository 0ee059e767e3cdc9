import Foundation

/// Keeps the secret in a file of its owner's: for scripts and tests. An app keeps it in the Keychain, out of every backup.
public final class FileSecrets: SecretStore {
    private let file: URL

    public init(_ file: URL) {
        self.file = file
    }

    public func load() throws -> String? {
        try kept {
            guard FileManager.default.fileExists(atPath: file.path) else { return nil }
            return try String(contentsOf: file, encoding: .utf8)
        }
    }

    public func save(secret: String) throws {
        try kept {
            // Nobody else's from the first moment on, and whole or not at all.
            let next = file.appendingPathExtension("new")
            let mine: [FileAttributeKey: Any] = [.posixPermissions: 0o600]
            try? FileManager.default.removeItem(at: next)
            guard FileManager.default.createFile(atPath: next.path, contents: Data(secret.utf8), attributes: mine) else {
                throw CocoaError(.fileWriteUnknown)
            }
            guard rename(next.path, file.path) == 0 else { throw CocoaError(.fileWriteUnknown) }
        }
    }

    public func clear() throws {
        try kept {
            guard FileManager.default.fileExists(atPath: file.path) else { return }
            try FileManager.default.removeItem(at: file)
        }
    }

    /// The file's name and why, and nothing of the secret.
    private func kept<Value>(_ work: () throws -> Value) throws -> Value {
        do {
            return try work()
        } catch {
            throw SecretStoreError.Failed(
                detail: "\(file.lastPathComponent): \((error as NSError).domain) \((error as NSError).code)")
        }
    }
}
