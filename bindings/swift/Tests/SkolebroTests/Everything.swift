import Testing

/// All tests, one after the other: they share one server process, and some look at this process's memory.
@Suite(.serialized) struct Everything {}

/// What is wrong, in words. Thrown, it fails a test.
struct Failure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
