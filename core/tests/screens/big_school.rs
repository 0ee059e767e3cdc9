//! A school of 1,500 pupils on the office's phone: boards and lists that read a whole day at once.

use crate::{
    SV,
    school::{day, hm, monday, person},
    ten_years::absence,
};
use chrono::{DateTime, NaiveDate, Utc};
use skolebro_core::{
    device::{
        Delivery, PhoneError, Said,
        screens::{Source, Window, evacuation_list, group_board, roll_call, school_board, staff_today},
        text::Texts,
    },
    domain::{
        attendance::{RollTaken, Session, attendance_key, roll_key},
        command::{Capacity, Command, CommandBody},
        directory::{GuardianContact, RelationCard},
        ids::{CommandId, GroupId, PersonId, RecordId, SchoolId},
        people::*,
        record::{Body, Record, RecordKind},
        rejection::Rejection,
        roster::{Roster, RosterEntry},
        rules::Country,
        samples,
        scope::Scope,
        time::instant,
        world::{Changes, Fact},
    },
};
use std::{collections::HashMap, sync::Arc};

struct BigSchool {
    id: SchoolId,
    roster: Roster,
    names: HashMap<PersonId, Arc<str>>,
    records: HashMap<(Scope, RecordId), Record>,
    now: DateTime<Utc>,
}

impl BigSchool {
    /// Sixty classes of twenty-five, a tenth of them away, every roll taken.
    fn new() -> Self {
        let id = SchoolId::derive(&[&"big"]);
        let now = instant(chrono_tz::Europe::Stockholm, monday(), hm("09:00"));
        let mut school = Self { id, roster: Roster::default(), names: HashMap::new(), records: HashMap::new(), now };
        school.put(School {
            id,
            name: "Storskolan".into(),
            organiser: "Exempelkommunen".into(),
            time_zone: chrono_tz::Europe::Stockholm,
            phone: "021-000 00".into(),
            language: Language::Sv,
        });
        for rules in samples::rules(Country::Sweden).unwrap() {
            school.put(rules);
        }
        for calendar in samples::calendars(Country::Sweden).unwrap() {
            school.put(calendar);
        }
        let olle = person("Olle");
        let dates = Dates { from: Some(day("2020-08-01")), until: None };
        school.put(Assignment { person: olle, role: Role::Office, reach: Reach::School, dates });
        for class in 0..60 {
            school.class(class, olle);
        }
        school
    }

    fn put(&mut self, entry: impl Into<RosterEntry>) {
        self.roster.put(&entry.into());
    }

    fn class(&mut self, class: u32, by: PersonId) {
        let group = GroupId::derive(&[&class]);
        let (name, kind) =
            (format!("{}{}", class / 6, ["A", "B", "C", "D", "E", "F"][class as usize % 6]), GroupKind::Class);
        self.put(Group { id: group, name, kind, form: SchoolForm::Compulsory, code: None, location: None });
        let mut absent = Vec::new();
        for number in 0..25 {
            let pupil = PersonId::derive(&[&class, &number]);
            self.names.insert(pupil, format!("Örjan{number} Åberg{class}").into());
            self.put(Enrolment { pupil, form: SchoolForm::Compulsory, dates: Dates::default() });
            self.put(Membership { pupil, group, dates: Dates::default() });
            if number % 10 == 0 {
                absent.push(pupil);
                let key = attendance_key(self.id, pupil, monday(), Session::Day);
                self.keep(key, Some(pupil), Body::Attendance(absence(monday(), self.now)));
            }
        }
        let key = roll_key(self.id, group, monday(), Session::Day);
        let (command, session, at) = (CommandId::derive(&[&class]), Session::Day, self.now);
        self.keep(key, None, Body::RollTaken(RollTaken { command, group, session, by, at, absent }));
    }

    fn keep(&mut self, key: (Scope, RecordId), pupil: Option<PersonId>, body: Body) {
        self.records.insert(key, Record { id: key.1, scope: key.0, pupil, day: Some(monday()), body });
    }
}

impl Source for BigSchool {
    fn school(&self) -> SchoolId {
        self.id
    }
    fn me(&self) -> PersonId {
        person("Olle")
    }
    fn now(&self) -> DateTime<Utc> {
        self.now
    }
    fn roster(&self) -> &Roster {
        &self.roster
    }
    fn name(&self, person: PersonId) -> Option<Arc<str>> {
        self.names.get(&person).cloned()
    }
    fn is_known(&self) -> bool {
        true
    }
    fn record(&self, scope: &Scope, id: RecordId) -> Result<Fact<Record>, PhoneError> {
        Ok(self.records.get(&(*scope, id)).cloned().map_or(Fact::Absent, Fact::Known))
    }
    fn between(&self, kind: RecordKind, from: NaiveDate, to: NaiveDate) -> Result<Vec<Record>, PhoneError> {
        let within = |record: &&Record| record.day.is_some_and(|day| from <= day && day <= to);
        let found = self.records.values().filter(|record| record.body.kind() == kind);
        Ok(found.filter(within).cloned().collect())
    }
    fn newest_day(&self, kind: RecordKind, from: NaiveDate, to: NaiveDate) -> Result<Option<NaiveDate>, PhoneError> {
        Ok(self.between(kind, from, to)?.iter().filter_map(|record| record.day).max())
    }
    fn asking(&self, kind: RecordKind, most: u32) -> Result<Vec<Record>, PhoneError> {
        let asking = |record: &&Record| record.body.kind() == kind && record.body.asks_staff();
        Ok(self.records.values().filter(asking).take(most as usize).cloned().collect())
    }
    fn said_before(&self, _kind: RecordKind, _after: Option<Said>, _most: usize) -> Result<Vec<Record>, PhoneError> {
        Ok(Vec::new())
    }
    fn of_pupil_between(
        &self,
        _kind: RecordKind,
        pupil: PersonId,
        from: NaiveDate,
        to: NaiveDate,
    ) -> Result<Vec<Record>, PhoneError> {
        let key = attendance_key(self.id, pupil, monday(), Session::Day);
        let today = from <= monday() && monday() <= to;
        Ok(self.records.get(&key).filter(|_| today).cloned().into_iter().collect())
    }
    fn contacts(&self, _pupil: PersonId) -> Result<Vec<GuardianContact>, PhoneError> {
        Ok(Vec::new())
    }
    fn relations(&self) -> Result<Vec<RelationCard>, PhoneError> {
        Ok(Vec::new())
    }
    fn delivery(&self, _command: CommandId) -> Result<Option<Delivery>, PhoneError> {
        Ok(None)
    }
    fn unsent(&self) -> Vec<Arc<Command>> {
        Vec::new()
    }
    fn refused(&self) -> usize {
        0
    }
    fn advise(&self, _capacity: Capacity, _body: CommandBody) -> Result<Changes, Rejection> {
        Ok(Changes::none())
    }
}

#[test]
fn the_office_of_a_large_school_sees_all_of_it_a_page_at_a_time() {
    let school = BigSchool::new();
    let texts = Texts::new(SV);
    let window = Window::first(50);
    let today = staff_today(&school, texts).unwrap().office.unwrap();
    assert_eq!(today.inside, 60 * 22);
    let board = school_board(&school, texts, monday(), window).unwrap();
    assert_eq!((board.groups.items.len(), board.groups.next), (50, Some(50)));
    assert_eq!(board.groups.items[0].name, "0A");
    let inside = evacuation_list(&school, texts, window).unwrap().unwrap();
    assert_eq!((inside.inside, inside.pupils.items.len()), (60 * 22, 50));
    let group = GroupId::derive(&[&7_u32]);
    let board = group_board(&school, texts, group, monday(), window).unwrap();
    assert_eq!(board.rows.items.len(), 3);
    let roll = roll_call(&school, texts, group, monday(), None).unwrap();
    assert_eq!(roll.rows.len(), 25);
}
