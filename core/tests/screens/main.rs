//! Screens as stories, over real phones: what Amal, Erik, Sanna and Olle read, in all four languages.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_debug_implementations)]

mod absences;
mod big_school;
mod evening;
#[path = "../device/fake.rs"]
#[allow(dead_code)]
mod fake;
mod home;
mod letters;
mod readers;
#[path = "../attendance/school.rs"]
#[allow(dead_code, unused_imports)]
mod school;
mod staff;
mod ten_years;
mod waiting;

use fake::{FakeServer, Owner, sync};
use skolebro_core::{
    device::{
        Phone, PhoneError,
        screens::{Action, Does, HomeToday, Source, home_today},
        text::Texts,
    },
    domain::people::Language,
};
use std::sync::Arc;

pub const SV: Language = Language::Sv;

/// A screen of the phone's only school.
pub fn show<T>(
    phone: &Phone,
    language: Language,
    screen: impl FnOnce(&dyn Source, Texts) -> Result<T, PhoneError>,
) -> T {
    let school = phone.schools()[0];
    screen(&phone.view(school).unwrap(), Texts::new(language)).unwrap()
}

pub fn today(phone: &Phone, language: Language) -> HomeToday {
    show(phone, language, |view, texts| home_today(view, texts))
}

/// Presses a button: its command goes out as it is.
pub fn press(phone: &Phone, action: &Action) {
    phone.submit(phone.schools()[0], action.capacity, action.body.clone(), None).unwrap();
}

pub fn button(actions: &[Action], does: Does) -> &Action {
    actions.iter().find(|action| action.does == does).unwrap_or_else(|| panic!("no {does:?} among {actions:#?}"))
}

pub fn has(actions: &[Action], does: Does) -> bool {
    actions.iter().any(|action| action.does == does)
}

/// A phone in step, and the school that it is of.
pub fn phone_of(server: &Arc<FakeServer>, who: &str) -> (Owner, Phone) {
    Owner::enrolled(server, who)
}

pub fn sync_all(phones: &[&Phone]) {
    // Twice, so that what the first ones said reaches the last ones and back.
    for phone in phones.iter().chain(phones) {
        sync(phone);
    }
}
