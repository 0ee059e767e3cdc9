/// What a phone tells, as streams that begin with how it stands now. A stream ends when its consumer stops, and when the
/// phone is closed or let go of.

/// So much waits for a consumer that is slow. What is over it gives way, the oldest first.
private let mostWaiting = 64

extension Phone {
    /// What to read again: `everything` first, and once more after a consumer was too slow to hear all.
    public nonisolated func changes() throws(SkolebroError) -> AsyncStream<Change> {
        try streams.stream { continuation in
            let listener = Hearing<Change> { change in
                // The newest stands for whatever gave way to it.
                if case .dropped = continuation.yield(change) { continuation.yield(.everything) }
            }
            return try self.core.onChange(listener: listener)
        }
    }

    /// How the phone stands with the server: how it stands now first. A consumer that is slow misses the oldest.
    public nonisolated func syncStates() throws(SkolebroError) -> AsyncStream<SyncState> {
        try streams.stream { continuation in
            let listener = Hearing<SyncState> { state in continuation.yield(state) }
            return try self.core.onSync(listener: listener)
        }
    }
}

/// Called from one thread of the library.
private final class Hearing<Told>: Sendable {
    let hear: @Sendable (Told) -> Void

    init(_ hear: @escaping @Sendable (Told) -> Void) {
        self.hear = hear
    }
}

extension Hearing: ChangeListener where Told == Change {
    func changed(change: Change) throws {
        hear(change)
    }
}

extension Hearing: SyncListener where Told == SyncState {
    func changed(state: SyncState) throws {
        hear(state)
    }
}

/// The streams of one phone that have not ended.
final class Streams: Sendable {
    private struct Running {
        var last = 0
        var ends: [Int: @Sendable () -> Void] = [:]
        var closed = false
    }

    private let running = Guarded(Running())

    deinit {
        end()
    }

    func stream<Told: Sendable>(
        subscribe: (AsyncStream<Told>.Continuation) throws -> Subscription
    ) throws(SkolebroError) -> AsyncStream<Told> {
        let (stream, continuation) = AsyncStream.makeStream(of: Told.self, bufferingPolicy: .bufferingNewest(mostWaiting))
        let subscription = try typed { try subscribe(continuation) }
        let number = running.with { running in
            running.last += 1
            return running.last
        }
        // Before anything can end it: what is set later is never called.
        continuation.onTermination = { [weak self] _ in
            subscription.cancel()
            self?.running.with { _ = $0.ends.removeValue(forKey: number) }
        }
        let closed = running.with { running in
            if !running.closed { running.ends[number] = { continuation.finish() } }
            return running.closed
        }
        if closed {
            continuation.finish()
            throw .Closed
        }
        return stream
    }

    /// From now on there are none.
    func end() {
        let ends = running.with { running in
            defer { running.ends = [:] }
            running.closed = true
            return running.ends
        }
        for end in ends.values { end() }
    }
}
