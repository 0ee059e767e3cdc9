//! A rule set of an earlier form: what had not been thought of when it was written is as the sample of its country and school
//! form has it, until the organiser says otherwise. What is written in it and cannot be read is not guessed at.

use super::RuleSet;
use crate::domain::samples;
use serde::Deserialize;
use serde_json::{Map, Value};

type Object = Map<String, Value>;

impl RuleSet {
    /// None: something else is wrong with it than that fields are missing.
    pub(in crate::domain) fn of_an_earlier_form(stored: Value) -> Option<Self> {
        let Value::Object(mut stored) = stored else { return None };
        let country = serde_json::from_value(stored.get("country")?.clone()).ok()?;
        let form = serde_json::from_value(stored.get("form")?.clone()).ok()?;
        let sample = samples::rules(country).ok()?.into_iter().find(|rules| rules.form == form)?;
        let sample = serde_json::to_value(sample).ok()?;
        fill(&mut stored, sample.as_object()?, &mut Vec::new(), &sample);
        Self::deserialize(&Value::Object(stored)).ok()
    }
}

/// Only what a rule set cannot do without: an absent cap is no cap.
fn fill(stored: &mut Object, sample: &Object, path: &mut Vec<String>, whole: &Value) {
    for (field, value) in sample {
        path.push(field.clone());
        match (stored.get_mut(field), value) {
            (Some(Value::Object(stored)), Value::Object(sample)) => fill(stored, sample, path, whole),
            (Some(_), _) => {}
            (None, _) if is_needed(path, whole) => {
                stored.insert(field.clone(), value.clone());
            }
            (None, _) => {}
        }
        path.pop();
    }
}

fn is_needed(path: &[String], whole: &Value) -> bool {
    let mut without = whole.clone();
    let Some((last, parents)) = path.split_last() else { return false };
    let parent = parents.iter().try_fold(&mut without, |value, field| value.get_mut(field));
    parent.and_then(Value::as_object_mut).and_then(|parent| parent.remove(last)).is_some()
        && RuleSet::deserialize(&without).is_err()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::domain::{
        record::{Body, RecordKind},
        roster::RosterEntry,
        rules::Country,
    };
    use serde_json::json;

    #[test]
    fn what_an_earlier_form_had_not_thought_of_is_as_in_the_sample_and_what_it_says_stands() {
        let sample = samples::rules(Country::Norway).unwrap().remove(0);
        let mut stored = serde_json::to_value(&sample).unwrap();
        stored["attendance"]["days_back"] = json!(3);
        stored["leave"].as_object_mut().unwrap().remove("longest");
        for (table, field) in
            [("attendance", "longest_run"), ("attendance", "roll"), ("talks", "per_year"), ("hours", "quiet")]
        {
            stored[table].as_object_mut().unwrap().remove(field);
        }
        stored.as_object_mut().unwrap().remove("retention");
        let body = Body::from_json(RecordKind::RuleSet, &stored.to_string()).unwrap();
        let entry = RosterEntry::from_json(&json!({ "kind": "rule_set", "value": stored }).to_string()).unwrap();
        let Body::RuleSet(read) = body else { unreachable!() };
        assert_eq!(entry, read.clone().into());
        assert_eq!(read.attendance.days_back, 3);
        assert_eq!(read.attendance.longest_run, sample.attendance.longest_run);
        assert_eq!(read.leave.longest, None, "an absent cap is no cap");
        assert_eq!(read.retention, sample.retention);

        // What is there and means nothing is not guessed at: the sample may keep shorter than the organiser said.
        stored["retention"] = json!({ "attendance": "as long as the law says" });
        assert!(Body::from_json(RecordKind::RuleSet, &stored.to_string()).is_err());
    }
}
