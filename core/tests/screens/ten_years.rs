//! Ten school years on the phone, and no screen reads more than its part of them. How long that takes is for
//! `cargo xtask bench` to measure.

use crate::{
    SV,
    fake::{FakeServer, sync},
    phone_of,
    school::{day, group, monday, person},
    show,
};
use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Utc, Weekday};
use skolebro_core::{
    device::{
        Delivery, Phone, PhoneError, Said,
        screens::{
            Source, Window, attendance_scope, call_list, child, evacuation_list, group_board, home_today, inbox,
            roll_call, school_board, staff_today, stats, who_can_read,
        },
        text::Texts,
    },
    domain::{
        attendance::{AbsenceKind, Attendance, Extent, Report, Session, attendance_key},
        command::{Capacity, Command, CommandBody},
        directory::{GuardianContact, RelationCard},
        ids::{CommandId, PersonId, RecordId, SchoolId},
        notice::{Notice, NoticeReason, notice_key},
        record::{Body, Record, RecordKind},
        rejection::Rejection,
        roster::Roster,
        scope::Scope,
        time::instant,
        world::{Changes, Fact},
    },
};
use std::{cell::Cell, sync::Arc};

type Screen = Box<dyn Fn(&dyn Source, Texts) -> Result<usize, PhoneError>>;

/// Of nearly sixteen thousand on the phone.
const MOST_RECORDS: usize = 300;
const MOST_QUESTIONS: usize = 30;

/// Counts what a screen asks for, and what it is given.
struct Asked<'a> {
    source: &'a dyn Source,
    questions: Cell<usize>,
    records: Cell<usize>,
}

impl Asked<'_> {
    fn given<T>(&self, answer: Result<T, PhoneError>, records: impl Fn(&T) -> usize) -> Result<T, PhoneError> {
        self.questions.set(self.questions.get() + 1);
        self.records.set(self.records.get() + answer.as_ref().map_or(0, records));
        answer
    }
}

impl Source for Asked<'_> {
    fn school(&self) -> SchoolId {
        self.source.school()
    }
    fn me(&self) -> PersonId {
        self.source.me()
    }
    fn now(&self) -> DateTime<Utc> {
        self.source.now()
    }
    fn roster(&self) -> &Roster {
        self.source.roster()
    }
    fn name(&self, person: PersonId) -> Option<Arc<str>> {
        self.source.name(person)
    }
    fn is_known(&self) -> bool {
        self.source.is_known()
    }
    fn record(&self, scope: &Scope, id: RecordId) -> Result<Fact<Record>, PhoneError> {
        self.given(self.source.record(scope, id), |_| 1)
    }
    fn between(&self, kind: RecordKind, from: NaiveDate, to: NaiveDate) -> Result<Vec<Record>, PhoneError> {
        self.given(self.source.between(kind, from, to), Vec::len)
    }
    fn newest_day(&self, kind: RecordKind, from: NaiveDate, to: NaiveDate) -> Result<Option<NaiveDate>, PhoneError> {
        self.given(self.source.newest_day(kind, from, to), |_| 1)
    }
    fn asking(&self, kind: RecordKind, most: u32) -> Result<Vec<Record>, PhoneError> {
        self.given(self.source.asking(kind, most), Vec::len)
    }
    fn said_before(&self, kind: RecordKind, after: Option<Said>, most: usize) -> Result<Vec<Record>, PhoneError> {
        self.given(self.source.said_before(kind, after, most), Vec::len)
    }
    fn of_pupil_between(
        &self,
        kind: RecordKind,
        pupil: PersonId,
        from: NaiveDate,
        to: NaiveDate,
    ) -> Result<Vec<Record>, PhoneError> {
        self.given(self.source.of_pupil_between(kind, pupil, from, to), Vec::len)
    }
    fn contacts(&self, pupil: PersonId) -> Result<Vec<GuardianContact>, PhoneError> {
        self.given(self.source.contacts(pupil), Vec::len)
    }
    fn relations(&self) -> Result<Vec<RelationCard>, PhoneError> {
        self.given(self.source.relations(), Vec::len)
    }
    fn delivery(&self, command: CommandId) -> Result<Option<Delivery>, PhoneError> {
        self.given(self.source.delivery(command), |_| 1)
    }
    fn unsent(&self) -> Vec<Arc<Command>> {
        self.source.unsent()
    }
    fn refused(&self) -> usize {
        self.source.refused()
    }
    fn advise(&self, capacity: Capacity, body: CommandBody) -> Result<Changes, Rejection> {
        self.source.advise(capacity, body)
    }
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

pub fn absence(day: NaiveDate, at: DateTime<Utc>) -> Attendance {
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

fn reads_its_part(who: &str, name: &str, phone: &Phone, screen: &Screen) {
    show(phone, SV, |view, texts| {
        let asked = Asked { source: view, questions: Cell::new(0), records: Cell::new(0) };
        screen(&asked, texts)?;
        let (questions, records) = (asked.questions.get(), asked.records.get());
        let told = format!("{name} for {who} asks {questions} times and is given {records} records");
        assert!(questions <= MOST_QUESTIONS && records <= MOST_RECORDS, "{told}");
        Ok(())
    });
}

#[test]
fn no_screen_reads_ten_school_years() {
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
            Box::new(move |view, texts| call_list(view, texts, None, window).map(|screen| screen.calls.items.len())),
        ),
        ("evacuation", Box::new(move |view, texts| evacuation_list(view, texts, window).map(|_| 0))),
        ("child", Box::new(move |view, texts| child(view, texts, liv, None, 20).map(|screen| screen.days.items.len()))),
    ];
    for (who, screens) in [("Amal", &home), ("Sanna", &staff), ("Olle", &staff)] {
        let (_owner, phone) = phone_of(&server, who);
        sync(&phone);
        for (name, screen) in screens {
            reads_its_part(who, name, &phone, screen);
        }
    }
}
