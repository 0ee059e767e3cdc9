/// Keeping in step with the server: once, or by the library's loop on its own thread.
extension Phone {
    /// Sends what is queued and pulls what is new, until there is no more of either or the deadline comes. Fits a background
    /// task: whose task is cancelled gets a report that it was. What goes wrong on the way to the server is in the report
    /// too.
    @discardableResult
    public func syncOnce(within deadline: Duration) async throws(SkolebroError) -> SyncReport {
        let seconds = deadline.forTheLibrary
        return try await waiting { try $0.syncOnce(deadline: seconds, cancellation: $1) }
    }

    /// Keeps in step from now on: when something is said, when the server pokes, and now and then. Once is enough.
    public func startSync() throws(SkolebroError) {
        try typed { try core.startSync() }
    }

    /// Stops the loop, and what it waits for. Comes back when it has stopped.
    public func stopSync() async throws(SkolebroError) {
        // Not called off with its task: it is itself what calls off.
        try await Lane.end { [core] () -> Result<Void, SkolebroError> in
            Result { () throws(SkolebroError) in try typed { try core.stopSync() } }
        }.get()
    }

    /// Lets the loop sync now: the app came to the front, or a push message arrived. Nothing where it is not running.
    public func syncNow() throws(SkolebroError) {
        try typed { try core.syncNow() }
    }

    /// How it stands; of a closed phone: that nothing runs. Does not wait for this actor.
    public nonisolated var syncState: SyncState { core.syncState() }

    /// Closes the files before the app is put to sleep: a phone that sleeps while it holds a lock is killed. Whatever waits
    /// for the server is called off.
    public func suspend() throws(SkolebroError) {
        try typed { try core.suspend() }
    }

    /// Opens them again. Throws as `open`.
    public func resume() throws(SkolebroError) {
        try typed { try core.resume() }
    }
}

extension Duration {
    /// In seconds. Below nothing is nothing, and more than a year is a year: the generated code aborts on what it cannot
    /// hold.
    var forTheLibrary: Double {
        let (seconds, attoseconds) = components
        return min(max(Double(seconds) + Double(attoseconds) / 1e18, 0), 365 * 86_400)
    }
}
