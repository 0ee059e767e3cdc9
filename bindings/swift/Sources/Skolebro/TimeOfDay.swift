import Foundation

/// A time of a day in the school's own zone, whatever zone the phone is in. `ClockTime` is this.
public struct TimeOfDay: Hashable, Sendable, Comparable, LosslessStringConvertible {
    public let hour: Int
    public let minute: Int
    public let second: Int
    public let nanosecond: Int

    /// Nil: there is no such time.
    public init?(hour: Int, minute: Int, second: Int = 0, nanosecond: Int = 0) {
        guard (0...23).contains(hour), (0...59).contains(minute), (0...59).contains(second),
            (0...999_999_999).contains(nanosecond)
        else { return nil }
        (self.hour, self.minute, self.second, self.nanosecond) = (hour, minute, second, nanosecond)
    }

    /// `08:15`, `08:15:00` or `08:15:00.5`. Nil: no time of a day.
    public init?(_ text: String) {
        let whole = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        let parts = whole[0].split(separator: ":", omittingEmptySubsequences: false)
        let numbers = parts.compactMap { $0.count == 2 ? Int(digits: $0) : nil }
        guard numbers.count == parts.count, numbers.count == 3 || numbers.count == 2 && whole.count == 1 else { return nil }
        var nanosecond = 0
        if whole.count == 2 {
            let fraction = whole[1]
            guard fraction.count <= 9, Int(digits: fraction) != nil else { return nil }
            nanosecond = Int(fraction + String(repeating: "0", count: 9 - fraction.count)) ?? 0
        }
        self.init(
            hour: numbers[0], minute: numbers[1], second: numbers.count == 3 ? numbers[2] : 0, nanosecond: nanosecond)
    }

    public var description: String {
        let whole = "\(hour.padded(to: 2)):\(minute.padded(to: 2)):\(second.padded(to: 2))"
        return nanosecond == 0 ? whole : "\(whole).\(nanosecond.padded(to: 9))"
    }

    /// For a formatter or a time picker, which want a calendar besides.
    public var components: DateComponents {
        DateComponents(hour: hour, minute: minute, second: second, nanosecond: nanosecond)
    }

    public static func < (one: Self, other: Self) -> Bool {
        (one.hour, one.minute, one.second, one.nanosecond) < (other.hour, other.minute, other.second, other.nanosecond)
    }

    init(lifted text: String) throws {
        guard let time = Self(text) else { throw Unreadable() }
        self = time
    }
}
