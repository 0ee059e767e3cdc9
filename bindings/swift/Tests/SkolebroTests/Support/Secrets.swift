import Skolebro

/// The secret store as a shell would write it, in memory, and able to fail.
final class Secrets: SecretStore {
    private let held = Locked<String?>(nil)
    private let fault = Locked<(any Error)?>(nil)
    private let before = Locked<(@Sendable () -> Void)?>(nil)

    func failWith(_ error: (any Error)?) {
        fault.with { $0 = error }
    }

    /// Runs it first whenever the secret is asked for.
    func beforeLoading(_ work: (@Sendable () -> Void)?) {
        before.with { $0 = work }
    }

    func load() throws -> String? {
        before.with { $0 }?()
        try works()
        return held.with { $0 }
    }

    func save(secret: String) throws {
        try works()
        held.with { $0 = secret }
    }

    func clear() throws {
        try works()
        held.with { $0 = nil }
    }

    private func works() throws {
        if let error = fault.with({ $0 }) { throw error }
    }
}
