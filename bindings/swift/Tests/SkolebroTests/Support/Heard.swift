import Skolebro

/// A listener that writes down what it is told, in order, and notices if it is told two things at once.
final class Heard: ChangeListener, SyncListener {
    private struct Told {
        var words: [String] = []
        var busy = false
        var overlapped = false
    }

    private let told = Locked(Told())

    func soFar() throws -> [String] {
        try told.with { told in
            guard !told.overlapped else { throw Failure("it was told two things at once") }
            return told.words
        }
    }

    func changed(change: Change) throws {
        hear(snake(change))
    }

    func changed(state: SyncState) throws {
        hear(inAWord(state))
    }

    private func hear(_ word: String) {
        told.with { told in
            told.overlapped = told.overlapped || told.busy
            told.busy = true
        }
        told.with { told in
            told.words.append(word)
            told.busy = false
        }
    }
}
