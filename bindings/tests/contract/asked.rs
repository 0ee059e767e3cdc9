//! What a step says, read: a form that is filled in by hand, a button that is found on a screen, days and names.

use super::story::Story;
use crate::library::*;
use serde_json::Value;

/// The text of a field that the step must have.
pub fn text<'a>(step: &'a Value, field: &str) -> &'a str {
    step[field].as_str().unwrap_or_else(|| panic!("{step} has no text {field}"))
}

pub fn number(step: &Value, field: &str, otherwise: u32) -> u32 {
    step[field].as_u64().map_or(otherwise, |number| u32::try_from(number).unwrap())
}

pub fn day(step: &Value, field: &str) -> Day {
    text(step, field).parse().unwrap_or_else(|_| panic!("{step}: {field} is no day"))
}

/// The town's, unless the step names another.
pub fn school(story: &Story, step: &Value) -> SchoolId {
    step["school"].as_str().map_or_else(|| story.school(), |id| id.parse().unwrap())
}

pub fn language(tag: &str) -> Language {
    match tag {
        "sv" => Language::Sv,
        "da" => Language::Da,
        "nb" => Language::Nb,
        "en" => Language::En,
        other => panic!("no language {other}"),
    }
}

pub fn if_advised(step: &Value) -> IfAdvised {
    match step["if_advised"].as_str() {
        None | Some("send_anyway") => IfAdvised::SendAnyway,
        Some("ask") => IfAdvised::Ask,
        Some(other) => panic!("no answer to advice: {other}"),
    }
}

/// The form of an absence, filled in.
pub fn report(story: &Story, step: &Value) -> CommandBody {
    let children = step["children"].as_array().unwrap_or_else(|| panic!("{step} names no children"));
    let from = day(step, "from");
    let time = |field: &str| -> ClockTime { text(&step["part"], field).parse().unwrap() };
    CommandBody::ReportAbsence {
        pupils: children.iter().map(|name| story.person(name.as_str().unwrap())).collect(),
        kind: match text(step, "kind") {
            "sick" => AbsenceKind::Sick,
            "appointment" => AbsenceKind::Appointment,
            "other" => AbsenceKind::Other,
            other => panic!("no kind of absence: {other}"),
        },
        from,
        to: if step["to"].is_null() { from } else { day(step, "to") },
        part: step["part"].is_object().then(|| PartOfDay { from: time("from"), to: time("to") }),
        note: step["note"].as_str().map(str::to_owned),
        on_behalf_of: None,
        phoned_at: None,
    }
}

pub fn draft(story: &Story, step: &Value) -> Draft {
    let capacity = match step["capacity"].as_str() {
        None | Some("home") => Capacity::Home,
        Some("contact_teacher") => Capacity::Staff(Role::ContactTeacher),
        Some("office") => Capacity::Staff(Role::Office),
        Some("principal") => Capacity::Staff(Role::Principal),
        Some(other) => panic!("no capacity {other}"),
    };
    let depends_on = step["depends_on"].as_str().map(|name| story.item(name));
    Draft { school: story.school(), capacity, body: report(story, step), depends_on }
}

/// The first button of that screen that does what the step says, as a draft.
pub fn button(story: &Story, phone: &Skolebro, step: &Value) -> Result<Draft, SkolebroError> {
    let child = step["child"].as_str();
    let actions: Vec<Action> = match text(step, "on") {
        "today" => match (phone.screen(story.school(), ScreenRequest::Home)?, child) {
            (Screen::Home { shown }, Some(child)) => {
                let mut children = shown.children.into_iter();
                let child = children.find(|one| one.pupil.id == story.person(child)).expect("the child is shown");
                let explanations = child.to_explain.into_iter().flat_map(|asked| asked.actions);
                child.actions.into_iter().chain(explanations).collect()
            }
            (Screen::Home { shown }, None) => shown.together,
            (other, _) => panic!("not a guardian's today: {other:?}"),
        },
        "roll" => match (phone.screen(story.school(), roll_of(story, step))?, child) {
            (Screen::Roll { shown }, Some(child)) => {
                let mut rows = shown.rows.into_iter();
                let row = rows.find(|row| row.row.pupil.id == story.person(child)).expect("the child is in the roll");
                row.undo.into_iter().chain(row.marks).collect()
            }
            (Screen::Roll { shown }, None) => shown.seen.into_iter().chain(shown.close).collect(),
            (other, _) => panic!("not a roll: {other:?}"),
        },
        "inbox" => match phone.screen(story.school(), ScreenRequest::Notices { after: None, limit: 20 })? {
            Screen::Notices { shown } => shown.notices.items.into_iter().filter_map(|notice| notice.read).collect(),
            other => panic!("not an inbox: {other:?}"),
        },
        other => panic!("no screen {other}"),
    };
    let does = text(step, "does");
    let found = actions.iter().find(|action| {
        // `mark` has several: the label tells them apart.
        super::shown::snake(&action.does) == does && step["label"].as_str().is_none_or(|label| action.label == label)
    });
    let action = found.unwrap_or_else(|| panic!("no button {does} among {actions:?}")).clone();
    Ok(Draft { school: story.school(), capacity: action.capacity, body: action.body, depends_on: None })
}

pub fn roll_of(story: &Story, step: &Value) -> ScreenRequest {
    ScreenRequest::Roll { group: story.group(text(step, "group")), day: Some(day(step, "day")), session: None }
}
