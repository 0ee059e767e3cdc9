import Dispatch
import Foundation

/// A value that several threads share.
final class Locked<Value>: @unchecked Sendable {
    private let lock = NSLock()
    private var value: Value

    init(_ value: Value) {
        self.value = value
    }

    func with<Result>(_ use: (inout Value) throws -> Result) rethrows -> Result {
        lock.lock()
        defer { lock.unlock() }
        return try use(&value)
    }
}

private let blocking = DispatchQueue(label: "tests that wait", attributes: .concurrent)

/// Runs what blocks where it holds up nobody.
func apart<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
        blocking.async { continuation.resume(with: Result(catching: work)) }
    }
}

/// Runs it on a new thread of its own.
func onThread<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
        let thread = Thread { continuation.resume(with: Result(catching: work)) }
        thread.stackSize = 1 << 20
        thread.start()
    }
}

/// Looks again until it is so; fails loudly when it never is.
func until(_ what: String, within limit: Duration = .seconds(20), _ holds: () async throws -> Bool) async throws {
    let end = ContinuousClock.now + limit
    while try await !holds() {
        guard ContinuousClock.now < end else { throw Failure("never came: \(what)") }
        try await Task.sleep(for: .milliseconds(5))
    }
}
