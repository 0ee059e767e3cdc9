//! Ten school years on the phone, and every screen still at once. A look at the clock, not a benchmark: `cargo xtask bench`
//! measures. Without optimization, and beside other tests, much more is allowed.

use crate::{
    SV,
    fake::{FakeServer, sync},
    phone_of,
    school::{day, group, monday, person},
    show,
};
use chrono::{Datelike, NaiveDate, TimeDelta, Weekday};
use skolebro_core::{
    device::{
        PhoneError,
        screens::{
            Source, Window, attendance_scope, call_list, child, evacuation_list, group_board, home_today, inbox,
            roll_call, school_board, staff_today, stats, who_can_read,
        },
        text::Texts,
    },
    domain::{
        attendance::{
            AbsenceKind, Attendance, Extent, Notice, NoticeReason, Report, Session, attendance_key, notice_key,
        },
        ids::{CommandId, PersonId},
        record::{Body, Record},
        time::instant,
    },
};
use std::time::{Duration, Instant};

type Screen = Box<dyn Fn(&dyn Source, Texts) -> Result<usize, PhoneError>>;

pub fn limit() -> Duration {
    if cfg!(debug_assertions) { Duration::from_millis(250) } else { Duration::from_millis(10) }
}

/// Six pupils, absent on every weekday of ten years: far more than any real child.
fn ten_years(server: &FakeServer) {
    let mut state = server.0.lock();
    let school = state.school.world.school;
    let days = day("2016-08-15").iter_days().take_while(|day| *day <= monday());
    let weekdays: Vec<NaiveDate> = days.filter(|day| !matches!(day.weekday(), Weekday::Sat | Weekday::Sun)).collect();
    let at = instant(chrono_tz::Europe::Stockholm, monday(), crate::school::hm("07:00"));
    for name in ["Liv", "Maja", "Adam", "Hugo", "Omar", "Elias"] {
        let pupil = person(name);
        for day in &weekdays {
            let key = attendance_key(school, pupil, *day, Session::Day);
            let body = Body::Attendance(absence(*day, at));
            let record = Record { id: key.1, scope: key.0, pupil: Some(pupil), day: Some(*day), body };
            state.write(key, Some(&record));
        }
    }
    for (number, day) in weekdays.iter().enumerate() {
        let reason = NoticeReason::UnexplainedAbsence;
        let key = notice_key(school, person("Amal"), reason, person("Liv"), *day, Session::Day);
        let notice = Notice {
            reason,
            session: Session::Day,
            at: at - TimeDelta::days((weekdays.len() - number) as i64),
            corrected_at: None,
            read_at: Some(at),
        };
        let body = Body::Notice(notice);
        let record = Record { id: key.1, scope: key.0, pupil: Some(person("Liv")), day: Some(*day), body };
        state.write(key, Some(&record));
    }
}

pub fn absence(day: NaiveDate, at: chrono::DateTime<chrono::Utc>) -> Attendance {
    let report = Report {
        command: CommandId::derive(&[&day]),
        kind: AbsenceKind::Sick,
        extent: Extent::Whole,
        by: person("Amal"),
        on_behalf_of: None,
        filed_at: at,
        received_at: at,
        late: false,
        has_note: false,
        seen: None,
        ended_from: None,
    };
    Attendance {
        reports: vec![report],
        extent: Some(Extent::Whole),
        kind: Some(AbsenceKind::Sick),
        ..Attendance::of(Session::Day)
    }
}

fn time(who: &str, name: &str, phone: &skolebro_core::device::Phone, screen: &Screen) {
    let mut best = Duration::MAX;
    for _ in 0..5 {
        let started = Instant::now();
        let shown = show(phone, SV, |view, texts| screen(view, texts));
        best = best.min(started.elapsed());
        assert!(shown < usize::MAX);
    }
    eprintln!("{who:>6} {name:<16} {best:?}");
    assert!(best < limit(), "{name} for {who} took {best:?}");
}

#[test]
fn every_screen_is_there_at_once_with_ten_school_years_on_the_phone() {
    let server = FakeServer::new();
    ten_years(&server);
    let liv: PersonId = person("Liv");
    let b4 = group("4B");
    let window = Window::first(50);
    let home: Vec<(&str, Screen)> = vec![
        ("today", Box::new(|view, texts| home_today(view, texts).map(|screen| screen.children.len()))),
        ("child", Box::new(move |view, texts| child(view, texts, liv, None, 20).map(|screen| screen.days.items.len()))),
        (
            "child, old",
            Box::new(move |view, texts| {
                child(view, texts, liv, Some(day("2018-05-01")), 20).map(|screen| screen.days.items.len())
            }),
        ),
        ("stats", Box::new(move |view, texts| stats(view, texts, liv, monday()).map(|screen| screen.figures.len()))),
        ("inbox", Box::new(|view, texts| inbox(view, texts, None, 20).map(|screen| screen.notices.items.len()))),
        (
            "who can read",
            Box::new(move |view, texts| {
                who_can_read(view, texts, attendance_scope(liv), window).map(|screen| screen.readers.items.len())
            }),
        ),
    ];
    let staff: Vec<(&str, Screen)> = vec![
        ("today", Box::new(|view, texts| staff_today(view, texts).map(|screen| screen.groups.len()))),
        (
            "roll call",
            Box::new(move |view, texts| roll_call(view, texts, b4, monday(), None).map(|screen| screen.rows.len())),
        ),
        (
            "group board",
            Box::new(move |view, texts| {
                group_board(view, texts, b4, monday(), window).map(|screen| screen.rows.items.len())
            }),
        ),
        (
            "school board",
            Box::new(move |view, texts| {
                school_board(view, texts, monday(), window).map(|screen| screen.groups.items.len())
            }),
        ),
        (
            "call list",
            Box::new(move |view, texts| call_list(view, texts, window).map(|screen| screen.calls.items.len())),
        ),
        ("evacuation", Box::new(move |view, texts| evacuation_list(view, texts, window).map(|_| 0))),
        ("child", Box::new(move |view, texts| child(view, texts, liv, None, 20).map(|screen| screen.days.items.len()))),
    ];
    for (who, screens) in [("Amal", &home), ("Sanna", &staff), ("Olle", &staff)] {
        let (_owner, phone) = phone_of(&server, who);
        sync(&phone);
        for (name, screen) in screens {
            time(who, name, &phone, screen);
        }
    }
}
