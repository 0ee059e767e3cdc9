//! As much of JSON Schema as the OpenAPI document uses. An unknown word in a schema is a failure: it would check nothing.

use serde_json::Value;

const KNOWN: &[&str] = &[
    "$ref",
    "allOf",
    "oneOf",
    "const",
    "enum",
    "type",
    "format",
    "minimum",
    "maximum",
    "maxLength",
    "maxItems",
    "required",
    "properties",
    "items",
    "description",
    "examples",
];

/// Whether the value is what the schema says.
pub fn is_fitting(document: &Value, schema: &Value, value: &Value) -> bool {
    fits(document, schema, value, "$").is_ok()
}

/// # Panics
/// Where the value is not what the schema says, with the place.
pub fn check(document: &Value, schema: &Value, value: &Value) {
    if let Err(why) = fits(document, schema, value, "$") {
        panic!("{why}\nin {value:#}");
    }
}

fn fits(document: &Value, schema: &Value, value: &Value, at: &str) -> Result<(), String> {
    let schema = schema.as_object().ok_or_else(|| format!("{at}: the schema is no object"))?;
    for word in schema.keys() {
        assert!(KNOWN.contains(&word.as_str()), "the schema uses {word}, which is not checked");
    }
    if let Some(name) = schema.get("$ref") {
        let pointer = name.as_str().unwrap().strip_prefix('#').unwrap();
        let target = document.pointer(pointer).ok_or_else(|| format!("{name} is not in the document"))?;
        fits(document, target, value, at)?;
    }
    for part in schema.get("allOf").and_then(Value::as_array).into_iter().flatten() {
        fits(document, part, value, at)?;
    }
    if let Some(parts) = schema.get("oneOf").and_then(Value::as_array) {
        let fitting = parts.iter().filter(|part| fits(document, part, value, at).is_ok()).count();
        if fitting != 1 {
            return Err(format!("{at}: {fitting} of {} alternatives fit", parts.len()));
        }
    }
    if schema.get("const").is_some_and(|wanted| wanted != value) {
        return Err(format!("{at}: another constant"));
    }
    if let Some(values) = schema.get("enum").and_then(Value::as_array)
        && !values.contains(value)
    {
        return Err(format!("{at}: {value} is not one of {values:?}"));
    }
    let types: Vec<&str> = match schema.get("type") {
        Some(Value::Array(types)) => types.iter().filter_map(Value::as_str).collect(),
        Some(one) => one.as_str().into_iter().collect(),
        None => Vec::new(),
    };
    if !types.is_empty() && !types.iter().any(|kind| is(value, kind)) {
        return Err(format!("{at}: {value} is not {types:?}"));
    }
    if let (Some(least), Some(number)) = (schema.get("minimum").and_then(Value::as_f64), value.as_f64())
        && number < least
    {
        return Err(format!("{at}: {number} is under {least}"));
    }
    if let (Some(most), Some(number)) = (schema.get("maximum").and_then(Value::as_f64), value.as_f64())
        && number > most
    {
        return Err(format!("{at}: {number} is over {most}"));
    }
    let most = |word: &str| schema.get(word).and_then(Value::as_u64);
    if let (Some(most), Some(text)) = (most("maxLength"), value.as_str())
        && text.chars().count() as u64 > most
    {
        return Err(format!("{at}: longer than {most} characters"));
    }
    if let (Some(most), Some(list)) = (most("maxItems"), value.as_array())
        && list.len() as u64 > most
    {
        return Err(format!("{at}: more than {most}"));
    }
    if let (Some(format), Some(text)) = (schema.get("format").and_then(Value::as_str), value.as_str()) {
        formatted(format, text).map_err(|why| format!("{at}: {why}"))?;
    }
    for name in schema.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str) {
        if value.is_object() && value.get(name).is_none() {
            return Err(format!("{at}: {name} is missing"));
        }
    }
    if let (Some(properties), Some(object)) = (schema.get("properties").and_then(Value::as_object), value.as_object()) {
        for (name, inner) in object {
            if let Some(schema) = properties.get(name) {
                fits(document, schema, inner, &format!("{at}.{name}"))?;
            } else if properties.len() > 1
                && schema.contains_key("required")
                && !OPEN.iter().any(|open| at.ends_with(open))
            {
                // The server's own answers have nothing that the document does not tell.
                return Err(format!("{at}: {name} is not in the document"));
            }
        }
    }
    if let (Some(items), Some(list)) = (schema.get("items"), value.as_array()) {
        for (index, item) in list.iter().enumerate() {
            fits(document, items, item, &format!("{at}[{index}]"))?;
        }
    }
    Ok(())
}

/// Documents whose fields are told elsewhere.
const OPEN: &[&str] = &[".body"];

fn is(value: &Value, kind: &str) -> bool {
    match kind {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_u64() || value.is_i64(),
        "null" => value.is_null(),
        other => panic!("the type {other} is not checked"),
    }
}

fn formatted(format: &str, text: &str) -> Result<(), String> {
    let right = match format {
        "uuid" => uuid::Uuid::parse_str(text).is_ok(),
        "date-time" => chrono::DateTime::parse_from_rfc3339(text).is_ok(),
        "date" => chrono::NaiveDate::parse_from_str(text, "%Y-%m-%d").is_ok(),
        other => panic!("the format {other} is not checked"),
    };
    if right { Ok(()) } else { Err(format!("{text} is no {format}")) }
}
