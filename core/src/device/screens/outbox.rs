//! The outbox: what this person has said, how far it has come, and what can be done about what was refused.

use super::{
    Source,
    frame::Frame,
    taken::as_taken,
    values::{OutboxLines, Reached, SaidReached, SaidStands, Window},
};
use crate::{
    device::{
        Delivery, OutboxItem, PhoneError, delivery,
        text::{Refusal, Texts},
    },
    domain::ids::CommandId,
    say,
};
use chrono::{DateTime, Utc};
use serde::Serialize;

#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct Outbox {
    /// In words, where there is nothing.
    pub empty: Option<String>,
    /// Refused ones first, then what waits, then what has arrived; newest first within each.
    pub items: OutboxLines,
    /// That something of somebody who is not signed in waits on this phone; never what.
    pub sealed: Option<String>,
}

/// Where an item stands, for the shell's icon.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "is", rename_all = "snake_case")]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
pub enum Stands {
    Waiting,
    Arrived { reached: Reached },
    Refused,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct OutboxLine {
    pub id: CommandId,
    /// Names the line for ever, whatever comes and goes around it.
    pub number: u32,
    pub title: String,
    pub said_at: DateTime<Utc>,
    pub said: String,
    pub state: SaidStands,
    /// The phone's clock was ahead when it was said: the day may not be the one that was meant.
    pub clock: Option<String>,
    /// Why the server leaves it waiting, if it has said so.
    pub not_now: Option<String>,
    /// What the phone warned of before it was sent anyway.
    pub advice: Option<Refusal>,
    pub refusal: Option<Refusal>,
    /// Titles of those that were refused because this one was.
    pub with_it: Vec<String>,
    pub can: Can,
}

/// Which of the phone's doings make sense for an item.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct Can {
    /// `Phone::mend`: send something else instead.
    pub mend: bool,
    /// `Phone::resend`: send it again as it was.
    pub resend: bool,
    /// `Phone::dismiss`.
    pub dismiss: bool,
    /// `Phone::take_back`: it has never been on its way.
    pub take_back: bool,
}

/// The items of one school, of [`crate::device::Phone::outbox`].
///
/// # Errors
/// The mirror cannot be read.
pub fn outbox(source: &dyn Source, texts: Texts, items: &[OutboxItem], window: Window) -> Result<Outbox, PhoneError> {
    let frame = Frame::new(source, texts);
    // Told of with the one that they depended on, once.
    let told: Vec<CommandId> = items.iter().flat_map(|item| item.dependents.iter().copied()).collect();
    let mut shown: Vec<&OutboxItem> = items
        .iter()
        .filter(|item| item.school == source.school() && !told.contains(&item.id) && !is_silent(item))
        .collect();
    shown.sort_by_key(|item| (order(&item.delivery), std::cmp::Reverse((item.said_at, item.id))));
    let empty = shown.is_empty().then(|| say!(texts, "outbox-empty"));
    let items = window.make(&shown, |item| line(&frame, items, item))?;
    Ok(Outbox { empty, items, sealed: frame.sealed() })
}

/// What the phone says by itself is shown only where it was refused.
fn is_silent(item: &OutboxItem) -> bool {
    delivery::is_silent(item.command.as_deref()) && !matches!(item.delivery, Delivery::Rejected { .. })
}

fn order(delivery: &Delivery) -> u8 {
    match delivery {
        Delivery::Rejected { .. } => 0,
        Delivery::OnThisPhoneOnly { .. } => 1,
        Delivery::AtSchool { .. } | Delivery::Seen { .. } => 2,
    }
}

fn title(frame: &Frame<'_>, item: &OutboxItem) -> Result<String, PhoneError> {
    let Some(command) = &item.command else { return Ok(frame.texts.unreadable_command()) };
    let body = as_taken(frame, command, item.said_at)?;
    Ok(frame.texts.command(&body, frame, frame.tz, frame.today))
}

fn line(frame: &Frame<'_>, all: &[OutboxItem], item: &OutboxItem) -> Result<OutboxLine, PhoneError> {
    let texts = &frame.texts;
    let refusal = |rejection| texts.rejection(rejection, frame, frame.tz, frame.today);
    let readable = item.command.is_some();
    let mut can = Can::default();
    let mut not_now = None;
    let arrived = |reached: SaidReached| SaidStands::new(Stands::Arrived { reached: reached.state }, reached.text);
    let state = match &item.delivery {
        Delivery::OnThisPhoneOnly { tried, not_now: why } => {
            can.take_back = !tried;
            not_now = why.map(|why| texts.not_now(why));
            SaidStands::new(Stands::Waiting, texts.on_this_phone_only())
        }
        Delivery::AtSchool { at } => arrived(frame.reached(false, None, *at)),
        Delivery::Seen { by, at } => arrived(frame.reached(false, Some((*by, *at)), *at)),
        Delivery::Rejected { .. } => {
            can = Can { mend: readable, resend: readable, dismiss: true, take_back: false };
            SaidStands::new(Stands::Refused, say!(texts, "outbox-refused"))
        }
    };
    let with_it = all.iter().filter(|other| item.dependents.contains(&other.id)).map(|other| title(frame, other));
    Ok(OutboxLine {
        id: item.id,
        number: item.number,
        clock: item.said_ahead.then(|| say!(texts, "outbox-clock-ahead")),
        title: title(frame, item)?,
        said_at: item.said_at,
        said: texts.sentence(&frame.moment(item.said_at)),
        state,
        not_now,
        advice: item.advice.as_ref().map(refusal),
        refusal: match &item.delivery {
            Delivery::Rejected { rejection, .. } => Some(refusal(rejection)),
            Delivery::OnThisPhoneOnly { .. } | Delivery::AtSchool { .. } | Delivery::Seen { .. } => None,
        },
        with_it: with_it.collect::<Result<_, _>>()?,
        can,
    })
}
