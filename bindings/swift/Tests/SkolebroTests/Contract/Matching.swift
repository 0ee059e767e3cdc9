/// What `expect` says of a result: an object names some fields, a list all its elements, and the rest is equal.

/// Where the two differ, in words. Nil: they match.
func difference(_ expected: Json, _ actual: Json, at place: String = "result") -> String? {
    switch (expected, actual) {
    case (.object(let wanted), .list(let found)):
        return first(wanted) { how, elements in inList(how, elements, found, at: place) }
    case (.object(let wanted), .object(let found)):
        return first(wanted) { name, wanted in
            guard let field = found[name] else { return "\(place) has no \(name): \(actual)" }
            return difference(wanted, field, at: "\(place).\(name)")
        }
    case (.list(let wanted), .list(let found)) where wanted.count == found.count:
        for (number, (wanted, found)) in zip(wanted, found).enumerated() {
            if let wrong = difference(wanted, found, at: "\(place)[\(number)]") { return wrong }
        }
        return nil
    default:
        return expected == actual ? nil : "\(place) is \(actual), and not \(expected)"
    }
}

private func inList(_ how: String, _ elements: Json, _ found: [Json], at place: String) -> String? {
    guard how == "contains" || how == "lacks" else { return "\(place) is a list, and \(how) says nothing of lists" }
    guard let elements = elements.list else { return "\(place): \(how) takes a list" }
    for element in elements {
        let matched = found.contains { difference(element, $0, at: place) == nil }
        if matched != (how == "contains") { return "\(place): \(how) \(element) does not hold of \(Json.list(found))" }
    }
    return nil
}

private func first(_ fields: [String: Json], _ wrong: (String, Json) -> String?) -> String? {
    for (name, value) in fields.sorted(by: { $0.key < $1.key }) {
        if let wrong = wrong(name, value) { return wrong }
    }
    return nil
}
