/// Whole numbers as ISO 8601 writes them. Without Foundation's formatters: a page of absences holds hundreds of days.

extension Int {
    /// Nil unless all of it is digits.
    init?(digits text: Substring) {
        guard !text.isEmpty, text.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
        self.init(text)
    }

    /// With zeros before it, up to so many digits.
    func padded(to digits: Int) -> String {
        let text = String(self)
        return String(repeating: "0", count: Swift.max(0, digits - text.count)) + text
    }
}

/// The library wrote a day or a time of day in a way that this does not know. Never seen, but it must not abort.
struct Unreadable: Error {}
