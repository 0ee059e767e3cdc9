import Foundation

/// What a story's file and the host's answers hold.
enum Json: Equatable, Sendable {
    case null
    case bool(Bool)
    case number(Int)
    case text(String)
    case list([Json])
    case object([String: Json])

    subscript(field: String) -> Json {
        get {
            guard case .object(let fields) = self else { return .null }
            return fields[field] ?? .null
        }
        set {
            guard case .object(var fields) = self else { return }
            fields[field] = newValue
            self = .object(fields)
        }
    }

    var text: String? {
        guard case .text(let text) = self else { return nil }
        return text
    }

    var number: Int? {
        guard case .number(let number) = self else { return nil }
        return number
    }

    var list: [Json]? {
        guard case .list(let list) = self else { return nil }
        return list
    }

    var fields: [String: Json]? {
        guard case .object(let fields) = self else { return nil }
        return fields
    }
}

extension Json: Codable {
    init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        if value.decodeNil() {
            self = .null
        } else if let bool = try? value.decode(Bool.self) {
            self = .bool(bool)
        } else if let number = try? value.decode(Int.self) {
            self = .number(number)
        } else if let text = try? value.decode(String.self) {
            self = .text(text)
        } else if let list = try? value.decode([Json].self) {
            self = .list(list)
        } else {
            self = .object(try value.decode([String: Json].self))
        }
    }

    func encode(to encoder: any Encoder) throws {
        var value = encoder.singleValueContainer()
        switch self {
        case .null: try value.encodeNil()
        case .bool(let bool): try value.encode(bool)
        case .number(let number): try value.encode(number)
        case .text(let text): try value.encode(text)
        case .list(let list): try value.encode(list)
        case .object(let fields): try value.encode(fields)
        }
    }
}

extension Json: CustomStringConvertible {
    /// On one line.
    var description: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return (try? encoder.encode(self)).map { String(decoding: $0, as: UTF8.self) } ?? "?"
    }
}

/// What a typed value is in a result.
protocol Jsonable {
    var json: Json { get }
}

extension Json: Jsonable { var json: Json { self } }
extension Bool: Jsonable { var json: Json { .bool(self) } }
extension Int: Jsonable { var json: Json { .number(self) } }
extension Int64: Jsonable { var json: Json { .number(Int(self)) } }
extension UInt32: Jsonable { var json: Json { .number(Int(self)) } }
extension String: Jsonable { var json: Json { .text(self) } }
extension Array: Jsonable where Element: Jsonable { var json: Json { .list(map(\.json)) } }
extension Optional: Jsonable where Wrapped: Jsonable { var json: Json { self?.json ?? .null } }

/// An object of such values.
func object(_ fields: KeyValuePairs<String, any Jsonable>) -> Json {
    .object(Dictionary(uniqueKeysWithValues: fields.map { ($0.key, $0.value.json) }))
}
