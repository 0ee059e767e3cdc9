//! The contract suite in Rust: every story of `bindings/contract` against the library and a real server process. The
//! other languages' runners follow this one.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod contract {
    pub mod asked;
    pub mod error;
    pub mod form;
    pub mod host;
    pub mod listening;
    pub mod matching;
    pub mod phone;
    pub mod secrets;
    pub mod shown;
    pub mod story;
}
/// All that a shell sees, as one module of its language would have it.
mod library {
    pub use skolebro_core::{
        device::{Change, Draft, IfAdvised, SyncReport, Who, screens::*, text::Refusal},
        domain::{
            attendance::*,
            command::*,
            ids::*,
            people::{Language, Role},
        },
        foreign::{ClockTime, Day, Moment},
        protocol::DeviceEntry,
    };
    pub use skolebro_ffi::{testing::*, *};
}

macro_rules! stories {
    ($($name:ident),+ $(,)?) => {
        $(#[test] fn $name() { contract::story::run(stringify!($name)); })+
        const STORIES: &[&str] = &[$(stringify!($name)),+];
    };
}

stories! {
    absences_paged,
    advice,
    barred,
    cancel,
    devices,
    enrol,
    errors_of_the_network,
    errors_of_the_phone,
    every_error,
    everywhere,
    four_languages,
    letters,
    listener_order,
    rejection,
    revoked,
    roll,
    sick_offline,
    summer_time_begins,
    summer_time_ends,
    sync_loop,
    sync_states,
    take_back,
    threads,
    use_after_close,
}

#[test]
fn every_story_is_run_and_says_nothing_that_nobody_looks_at() {
    assert_eq!(contract::story::all(), STORIES);
    for name in STORIES {
        contract::form::check(name, &contract::story::read(name));
    }
}
