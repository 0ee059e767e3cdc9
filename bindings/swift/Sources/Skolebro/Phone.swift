/// A phone of one person, for Swift's concurrency. It owns the library's object, and adds no rule of its own.
///
/// What reads and writes the phone's files runs one call after the other on a queue of this phone's. What waits for the
/// server waits elsewhere, so that screens are read meanwhile; it ends early when its task is cancelled.
public actor Phone {
    /// The library's own object, for what must not wait for this actor. Its calls block, from any thread.
    public nonisolated let core: Skolebro
    nonisolated let streams = Streams()
    private nonisolated let lane = Lane()

    public nonisolated var unownedExecutor: UnownedSerialExecutor { lane.asUnownedSerialExecutor() }

    /// Takes over an object that is open.
    public init(owning core: Skolebro) {
        self.core = core
    }

    /// Opens the phone in a folder, whoever is or is not signed in there. Needs no network.
    ///
    /// Throws `BadSettings`; `OutboxDamaged` once, after putting the files aside; `OutboxTooNew`; `Storage`.
    public static func open(_ settings: Settings, secrets: any SecretStore) async throws(SkolebroError) -> Phone {
        let opened = await Lane.wait { () -> Result<Skolebro, SkolebroError> in
            Result { () throws(SkolebroError) in try typed { try Skolebro.open(settings: settings, secrets: secrets) } }
        }
        return Phone(owning: try opened.get())
    }

    /// Ends it: what waits for the server gives up, streams end, the files are closed. Everything else throws `Closed` from
    /// then on. Nothing that was kept is lost. Twice is once.
    public nonisolated func close() async {
        streams.end()
        await Lane.end { [core] in core.shutDown() }
    }

    /// Whatever waits for the server on this phone gives up at once: a sync ends as `cancelled`, any other call throws it.
    /// To end one call, cancel its task.
    public nonisolated func cancel() throws(SkolebroError) {
        try typed { try core.cancel() }
    }

    /// One that waits for the server, until its task is cancelled, which it may be already.
    func waiting<Value: Sendable>(
        _ call: @escaping @Sendable (Skolebro, Cancellation) throws -> Value
    ) async throws(SkolebroError) -> Value {
        let (core, its) = (core, Cancellation())
        let done = await withTaskCancellationHandler {
            await Lane.wait { () -> Result<Value, SkolebroError> in
                Result { () throws(SkolebroError) in try typed { try call(core, its) } }
            }
        } onCancel: {
            its.cancel()
        }
        return try done.get()
    }
}
