import Dispatch
import Foundation

/// One call that waits for the server, and may be called off meanwhile: from any thread but the phone's own, where it would
/// wait behind other calls.
final class CallingOff: Sendable {
    private enum State {
        case waiting
        case calledOff
        case over
    }

    /// Not where calls wait: there may be so many of them that nothing else gets a thread.
    private static let queue = DispatchQueue(label: "app.skolebro.phone.calling-off", qos: .userInitiated)

    private let core: Skolebro
    private let state = Guarded(State.waiting)

    init(_ core: Skolebro) {
        self.core = core
    }

    var isCalledOff: Bool { state.with { $0 == .calledOff } }

    func end() {
        state.with { $0 = .over }
    }

    func callOff() {
        let first = state.with { state in
            defer { if state == .waiting { state = .calledOff } }
            return state == .waiting
        }
        if first { insist() }
    }

    /// The library calls off what waits now, and not what begins afterwards. The call may be just about to begin, so it is
    /// said until it is over.
    private func insist() {
        guard isCalledOff else { return }
        try? core.cancel()
        Self.queue.asyncAfter(deadline: .now() + .milliseconds(20)) { self.insist() }
    }
}

/// A value that several threads share. Never held while code of others is called.
final class Guarded<Value>: @unchecked Sendable {
    private let lock = NSLock()
    private var value: Value

    init(_ value: Value) {
        self.value = value
    }

    func with<Result>(_ use: (inout Value) -> Result) -> Result {
        lock.lock()
        defer { lock.unlock() }
        return use(&value)
    }
}
