/// Who may use this phone.
extension Phone {
    /// Exchanges an activation code from the school for a token. Waits for the server. The same person again finds the
    /// outbox as it was left; another person's stays in the folder, neither shown nor sent. What the one who is signed in has
    /// not sent is sent first; where it cannot be, nothing is done before the person has chosen `evenIfUnsent`.
    ///
    /// Throws `Unsent`; `Refused` with what is wrong with the code; `Offline`, `Timeout`, `Garbled`, `Cancelled`; `SecretStore`,
    /// `Storage`.
    @discardableResult
    public func enrol(
        code: String, deviceName: String, evenIfUnsent: Bool = false
    ) async throws(SkolebroError) -> Who {
        try await waiting {
            try $0.enrol(code: code, deviceName: deviceName, cancellation: $1, evenIfUnsent: evenIfUnsent)
        }
    }

    /// Who is signed in, or was: look at the standing. Nil: nobody has enrolled yet.
    public func who() throws(SkolebroError) -> Who? {
        try typed { try core.who() }
    }

    /// Forgets the token and what was read, and seals the outbox until the same person enrols again. Nothing of the queue is
    /// lost. The server is not told: revoke the device for that. What is not sent is sent first, which waits for the server;
    /// where it cannot be, it throws `Unsent` unless the person has chosen `evenIfUnsent`.
    public func signOut(evenIfUnsent: Bool = false) throws(SkolebroError) {
        try typed { try core.signOut(evenIfUnsent: evenIfUnsent) }
    }

    /// How much waits here, sealed, of people who are not signed in. Never what.
    public func sealed() throws(SkolebroError) -> UInt32 {
        try typed { try core.sealed() }
    }

    /// The person's phones. Waits for the server.
    public func devices() async throws(SkolebroError) -> [DeviceEntry] {
        try await waiting { try $0.devices(cancellation: $1) }
    }

    /// For staff: a code for somebody's next phone, to be shown once. Waits for the server.
    public func makeCode(school: SchoolId, person: PersonId) async throws(SkolebroError) -> HandedCode {
        try await waiting { try $0.makeCode(school: school, person: person, cancellation: $1) }
    }

    /// Revokes one of the person's phones. It wipes what it holds and seals its outbox at its next contact; this one does so
    /// at once, after sending what is not sent: see `signOut`. Waits for the server.
    public func revoke(_ device: DeviceId, evenIfUnsent: Bool = false) async throws(SkolebroError) {
        try await waiting {
            try $0.revokeDevice(device: device, cancellation: $1, evenIfUnsent: evenIfUnsent)
        }
    }

    /// The language that texts are in now.
    public func language() throws(SkolebroError) -> Language {
        try typed { try core.language() }
    }

    /// Nil: the person's own, or the school's. Screens that are shown are to be read again.
    public func setLanguage(_ language: Language?) throws(SkolebroError) {
        try typed { try core.setLanguage(language: language) }
    }
}
