import Foundation

/// The id of one kind of thing: a pupil's never lands where a group's belongs. `PersonId`, `GroupId` and the others are
/// this.
public struct Identifier<Of>: Hashable, Sendable, LosslessStringConvertible {
    /// A UUID, in small letters.
    public let description: String

    /// From a link or a notification that this app left. Nil: no id.
    public init?(_ text: String) {
        guard let uuid = UUID(uuidString: text) else { return nil }
        description = uuid.uuidString.lowercased()
    }

    /// As the library wrote it.
    init(lifted text: String) {
        description = text
    }
}

/// What an `Identifier` may be of.
public enum Kind {
    public enum School: Sendable {}
    public enum Person: Sendable {}
    public enum Group: Sendable {}
    public enum Command: Sendable {}
    public enum Record: Sendable {}
    public enum Device: Sendable {}
}
