import Foundation

/// What a screen shows. Reads this phone's files only.
extension Phone {
    /// One screen of one of the person's schools, with every text in the person's language.
    ///
    /// Throws `NotSignedIn`, `UnknownSchool`, `Suspended`, `Storage`.
    public func screen(_ wanted: ScreenRequest, school: SchoolId) throws(SkolebroError) -> Screen {
        try typed { try core.screen(school: school, wanted: wanted) }
    }

    /// The server's time, as well as this phone knows it.
    public func now() throws(SkolebroError) -> Moment {
        try typed { try core.now() }
    }

    /// What to warn of now. To be asked when something was said, and again at `next`.
    public func warnings() throws(SkolebroError) -> Warnings {
        try typed { try core.warnings() }
    }

    /// Damaged outboxes that were put aside in this folder, oldest first: to be handed to somebody who can help.
    public func keptAside() throws(SkolebroError) -> [URL] {
        try typed { try core.keptAside() }.map { URL(fileURLWithPath: $0) }
    }
}
