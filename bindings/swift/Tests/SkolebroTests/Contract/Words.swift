import Foundation
import Skolebro

/// The case of an enum, as its language spells it, whatever it holds.
func caseName(_ value: Any) -> String {
    Mirror(reflecting: value).children.first?.label ?? "\(value)"
}

/// The same in snake_case.
func snake(_ value: Any) -> String {
    caseName(value).reduce(into: "") { text, letter in
        if letter.isUppercase && !text.isEmpty { text.append("_") }
        text.append(letter.lowercased())
    }
}

func moment(_ at: Moment) -> String {
    at.formatted(.iso8601)
}

/// `syncing`, or else how the last one ended, or `idle` where there was none.
func inAWord(_ state: SyncState) -> String {
    state.syncing ? "syncing" : state.last.map { snake($0.ended) } ?? "idle"
}

/// An error's fields. Its name is its case.
func fields(of error: SkolebroError) -> Json {
    switch error {
    case .NotSignedIn(let standing): object(["standing": standing.map { snake($0) }])
    case .Unsent(let waiting): object(["waiting": Int(waiting)])
    case .OutboxDamaged(let keptAt): object(["kept_at": keptAt])
    case .OutboxTooNew(let form): object(["form": form])
    case .Refused(let code, let retryAfter): object(["code": snake(code), "retry_after": retryAfter.map { Int($0) }])
    case .BadSettings(let detail), .SecretStore(let detail), .Storage(let detail), .Internal(let detail):
        object(["detail": detail])
    case .Closed, .Suspended, .UnknownSchool, .NoSuchItem, .TokenLost, .Offline, .Untrusted, .Timeout, .Garbled, .Cancelled:
        object([:])
    }
}
