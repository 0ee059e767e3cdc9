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
        await Lane.wait { [core] in core.shutDown() }
    }

    /// Whatever waits for the server on this phone gives up at once: a sync ends as `cancelled`, any other call throws it.
    /// To end one call, cancel its task; the library cannot tell calls apart, so others that wait just then give up with it.
    public nonisolated func cancel() throws(SkolebroError) {
        try typed { try core.cancel() }
    }

    /// One that waits for the server. Nil: its task was cancelled before it began.
    func waiting<Value: Sendable>(
        _ call: @escaping @Sendable (Skolebro) throws -> Value
    ) async throws(SkolebroError) -> Value? {
        let (core, calling) = (core, CallingOff(core))
        let done = await withTaskCancellationHandler {
            await Lane.wait { () -> Result<Value, SkolebroError>? in
                defer { calling.end() }
                if calling.isCalledOff { return nil }
                return Result { () throws(SkolebroError) in try typed { try call(core) } }
            }
        } onCancel: {
            calling.callOff()
        }
        return try done?.get()
    }
}
