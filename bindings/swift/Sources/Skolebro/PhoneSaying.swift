/// Saying something: on this phone at once and durably, and at the school when there is a network.
extension Phone {
    /// Queues a command: on the disk before this comes back, sent when there is a network.
    ///
    /// Throws `NotSignedIn`, `UnknownSchool`, `Suspended`, `Storage`: then it is not kept. `NoSuchItem` if what it depends
    /// on has been taken back.
    @discardableResult
    public func submit(_ draft: Draft, ifAdvised: IfAdvised = .ask) throws(SkolebroError) -> Submission {
        try typed { try core.submit(draft: draft, ifAdvised: ifAdvised) }
    }

    /// The same at the child's other schools too, where there is anything to say there: all or none of them are kept.
    ///
    /// Throws as `submit`.
    @discardableResult
    public func submitEverywhere(
        _ draft: Draft, ifAdvised: IfAdvised = .ask
    ) throws(SkolebroError) -> Together {
        try typed { try core.submitEverywhere(draft: draft, ifAdvised: ifAdvised) }
    }

    /// What the rules on this phone would say of it, without queueing it. Nil: nothing, or this phone knows too little yet.
    public func advise(_ draft: Draft) throws(SkolebroError) -> Refusal? {
        try typed { try core.advise(draft: draft) }
    }

    /// Sends something else instead of a rejected command, in its place.
    @discardableResult
    public func mend(
        _ rejected: CommandId, with body: CommandBody, ifAdvised: IfAdvised = .ask
    ) throws(SkolebroError) -> Submission {
        try typed { try core.mend(rejected: rejected, body: body, ifAdvised: ifAdvised) }
    }

    /// Sends a rejected command again as it was. Its new id.
    @discardableResult
    public func resend(_ rejected: CommandId) throws(SkolebroError) -> CommandId {
        try typed { try core.resend(rejected: rejected) }
    }

    /// The person has seen the rejection. Those that were rejected because of it go too.
    public func dismiss(_ rejected: CommandId) throws(SkolebroError) {
        try typed { try core.dismiss(rejected: rejected) }
    }

    /// Takes back what has never been on its way, and what depends on it with it. Throws `NoSuchItem` if it has been.
    public func takeBack(_ queued: CommandId) throws(SkolebroError) {
        try typed { try core.takeBack(queued: queued) }
    }

    /// The capacities in which this person may ask for that: home first, then the roles in their order. More than one: ask
    /// the person which.
    public func capacities(school: SchoolId, body: CommandBody) throws(SkolebroError) -> [Capacity] {
        try typed { try core.capacities(school: school, body: body) }
    }
}
