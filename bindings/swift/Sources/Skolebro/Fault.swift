/// Every call's error is a `SkolebroError`: a screen switches on that, with no case for anything else.

/// What the generated code throws besides is a fault of this library, and as such an error like any other. Its own words
/// stay out: they may hold what the call was about.
func typed<Value>(_ call: () throws -> Value) throws(SkolebroError) -> Value {
    do {
        return try call()
    } catch let error as SkolebroError {
        throw error
    } catch {
        throw .Internal(detail: "a value did not cross the language border")
    }
}
