import Skolebro

/// All pages of absences, one after the other, as a list that is scrolled to its end.
func pages(_ step: Step, of phone: Phone, in town: Town) async throws -> Json {
    struct Line: Hashable {
        let day: SchoolDay
        let pupil: PersonId
    }
    var (total, count, longest, newestFirst) = (0, 0, 0, true)
    var distinct: Set<Line> = []
    var after: AbsencePlace?
    var last: SchoolDay?
    repeat {
        let screen = try await phone.screen(step.absences(after: after), school: town.school)
        guard case .absences(let shown) = screen else { throw Failure("no absences: \(caseName(screen))") }
        let page = shown.absences
        count += 1
        total += page.items.count
        longest = max(longest, page.items.count)
        for item in page.items {
            newestFirst = newestFirst && last.map { item.line.day <= $0 } != false
            last = item.line.day
            distinct.insert(Line(day: item.line.day, pupil: item.pupil.id))
        }
        after = page.next
    } while after != nil
    return object([
        "total": total, "pages": count, "longest": longest, "distinct": distinct.count, "newest_first": newestFirst,
    ])
}

/// Several threads at once, past the actor, which would let in one at a time: each reports and reads.
func threads(_ step: Step, with core: Skolebro, in town: Town) async throws -> Json {
    let day = try step.day("from")
    let body = CommandBody.reportAbsence(
        pupils: [try town.person(step.text("child"))], kind: .other, from: day, to: day, part: nil, note: nil,
        onBehalfOf: nil, phonedAt: nil)
    let draft = Draft(school: try town.school, capacity: .home, body: body, dependsOn: nil)
    let each = step.number("each", else: 1)
    var (kept, errors) = ([CommandId](), 0)
    try await withThrowingTaskGroup(of: ([CommandId], Int).self) { group in
        for _ in 0..<step.number("count", else: 2) {
            group.addTask {
                try await onThread {
                    var (kept, errors) = ([CommandId](), 0)
                    for _ in 0..<each {
                        if case .kept(let id, _)? = try? core.submit(draft: draft, ifAdvised: .sendAnyway) {
                            kept.append(id)
                        } else {
                            errors += 1
                        }
                        if (try? core.screen(school: draft.school, wanted: .home)) == nil { errors += 1 }
                    }
                    return (kept, errors)
                }
            }
        }
        for try await (its, wrong) in group {
            kept += its
            errors += wrong
        }
    }
    return object(["kept": kept.count, "distinct": Set(kept).count, "errors": errors])
}
