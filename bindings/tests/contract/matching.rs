//! What `expect` says of a result: an object names some fields, a list all its elements, and the rest is equal.

use serde_json::Value;

/// Where the two differ, in words. None: they match.
pub fn difference(expected: &Value, actual: &Value) -> Option<String> {
    differ(expected, actual, "result")
}

fn differ(expected: &Value, actual: &Value, at: &str) -> Option<String> {
    match (expected, actual) {
        (Value::Object(wanted), Value::Array(found)) => {
            wanted.iter().find_map(|(how, elements)| in_list(how, elements, found, at))
        }
        (Value::Object(wanted), Value::Object(found)) => {
            wanted.iter().find_map(|(name, wanted)| match found.get(name) {
                Some(found) => differ(wanted, found, &format!("{at}.{name}")),
                None => Some(format!("{at} has no {name}: {actual}")),
            })
        }
        (Value::Array(wanted), Value::Array(found)) if wanted.len() == found.len() => {
            let pairs = wanted.iter().zip(found).enumerate();
            pairs.into_iter().find_map(|(number, (wanted, found))| differ(wanted, found, &format!("{at}[{number}]")))
        }
        _ => (expected != actual).then(|| format!("{at} is {actual}, and not {expected}")),
    }
}

fn in_list(how: &str, elements: &Value, found: &[Value], at: &str) -> Option<String> {
    let wanted = match how {
        "contains" => true,
        "lacks" => false,
        other => return Some(format!("{at} is a list, and {other} says nothing of lists")),
    };
    let Value::Array(elements) = elements else { return Some(format!("{at}: {how} takes a list")) };
    let matched = |element: &Value| found.iter().any(|found| differ(element, found, at).is_none());
    let wrong = elements.iter().find(|element| matched(element) != wanted)?;
    Some(format!("{at}: {how} {wrong} does not hold of {}", Value::from(found.to_vec())))
}
