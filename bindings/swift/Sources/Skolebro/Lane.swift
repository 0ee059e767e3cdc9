import Dispatch
import Foundation

/// Where a phone's calls run. They block, and Swift's own threads are as many as the processor has cores: calls that wait
/// there would hold up every other task of the app. So a phone has a queue of its own, one call at a time, for what reads
/// and writes its files; and another, where many may wait, for what waits for the server. What ends those has a thread of
/// its own each time: it must not wait for a place among what it is to end.
final class Lane: SerialExecutor {
    private let files = DispatchQueue(label: "app.skolebro.phone.files", qos: .userInitiated)
    static let waiting = DispatchQueue(label: "app.skolebro.phone.waiting", attributes: .concurrent)

    func enqueue(_ job: UnownedJob) {
        let executor = asUnownedSerialExecutor()
        files.async { job.runSynchronously(on: executor) }
    }

    func asUnownedSerialExecutor() -> UnownedSerialExecutor {
        UnownedSerialExecutor(ordinary: self)
    }

    /// Runs it where it may wait; whoever awaits it holds up nobody meanwhile, on an actor neither.
    static func wait<Value: Sendable>(for call: @escaping @Sendable () -> Value) async -> Value {
        await withCheckedContinuation { continuation in
            waiting.async { continuation.resume(returning: call()) }
        }
    }

    /// The same for what ends calls that wait.
    static func end<Value: Sendable>(by call: @escaping @Sendable () -> Value) async -> Value {
        await withCheckedContinuation { continuation in
            Thread.detachNewThread { continuation.resume(returning: call()) }
        }
    }
}
