//! Björkskolan on Monday 23 November 2026: the children, the adults around them, and a way to act as any of them.

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use skolebro_core::domain::{
    attendance::{
        AbsenceKind, Attendance, CallListEntry, CallOutcome, Extent, PartOfDay, Presence, PupilDay, RollTaken, Session,
        Status, attendance_key,
        board::{DayBook, GroupBoard, SchoolBoard},
        call_key, roll_key,
    },
    command::{AreaKind, Capacity, Command, CommandBody, RollMark},
    decide::decide,
    due::{Due, watches},
    ids::{CommandId, GroupId, PersonId, SchoolId},
    notice::{Notice, NoticeReason, notice_key},
    people::*,
    rejection::Rejection,
    roster::RosterEntry,
    rules::{AttendanceRules, Country},
    samples,
    scope::Topic,
    testing::MemoryWorld,
    time::{instant, local_date},
    world::{Actor, Changes},
};

pub const STAFF_4B: Capacity = Capacity::Staff(Role::ContactTeacher);
pub const TEACHER: Capacity = Capacity::Staff(Role::Teacher);
pub const OFFICE: Capacity = Capacity::Staff(Role::Office);
pub const PRINCIPAL: Capacity = Capacity::Staff(Role::Principal);
pub const CLUB: Capacity = Capacity::Staff(Role::AfterSchoolStaff);

pub fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}
pub fn monday() -> NaiveDate {
    day("2026-11-23")
}
/// `days` after Monday.
pub fn after(days: i64) -> NaiveDate {
    monday() + TimeDelta::days(days)
}
pub fn hm(text: &str) -> NaiveTime {
    NaiveTime::parse_from_str(text, "%H:%M").unwrap()
}
pub fn part(from: &str, to: &str) -> PartOfDay {
    PartOfDay { from: hm(from), to: hm(to) }
}
pub fn parts(from: &str, to: &str) -> Extent {
    Extent::Parts(vec![part(from, to)])
}
pub fn person(name: &str) -> PersonId {
    PersonId::derive(&[&name])
}
pub fn group(name: &str) -> GroupId {
    GroupId::derive(&[&name])
}

/// Liv (4B and the after-school club), her sister Maja and Adam are in 4B, Hugo too; Omar is in 4C; Elias, grown up, in
/// 4C on paper. Amal and Erik have custody of Liv and Maja.
#[derive(Clone)]
pub struct School {
    pub world: MemoryWorld,
    /// How far behind the server the next commands' devices are: they were given then and had no network until now.
    pub waited: TimeDelta,
}

impl School {
    pub fn new() -> Self {
        Self::with(|_| {})
    }

    /// With a change to the rules of every form.
    pub fn with(change: impl Fn(&mut AttendanceRules)) -> Self {
        let id = SchoolId::derive(&[&"björk"]);
        let mut world = MemoryWorld::new(id, Utc::now());
        let school = skolebro_core::domain::people::School {
            id,
            name: "Björkskolan".into(),
            organiser: "Exempelkommunen".into(),
            time_zone: chrono_tz::Europe::Stockholm,
            phone: "021-000 00".into(),
            language: Language::Sv,
        };
        world.roster.put(&school.into());
        for mut rules in samples::rules(Country::Sweden).unwrap() {
            change(&mut rules.attendance);
            world.roster.put(&rules.into());
        }
        for calendar in samples::calendars(Country::Sweden).unwrap() {
            world.roster.put(&calendar.into());
        }
        let mut school = Self { world, waited: TimeDelta::zero() };
        school.people();
        school.at("07:00");
        school
    }

    fn people(&mut self) {
        for (name, kind, form) in [
            ("4B", GroupKind::Class, SchoolForm::Compulsory),
            ("4C", GroupKind::Class, SchoolForm::Compulsory),
            ("Fritids", GroupKind::Club, SchoolForm::AfterSchool),
        ] {
            self.put(Group { id: group(name), name: name.into(), kind, form, code: None, location: None });
        }
        for (pupil, groups) in [
            ("Liv", &["4B", "Fritids"][..]),
            ("Maja", &["4B"]),
            ("Adam", &["4B"]),
            ("Hugo", &["4B"]),
            ("Omar", &["4C"]),
            ("Elias", &["4C"]),
        ] {
            let pupil = person(pupil);
            self.put(Enrolment { pupil, form: SchoolForm::Compulsory, dates: Dates::default() });
            for name in groups {
                self.put(Membership { pupil, group: group(name), dates: Dates::default() });
            }
        }
        use GuardianshipKind as G;
        for (adult, pupil, kind) in [
            ("Amal", "Liv", G::Guardian),
            ("Erik", "Liv", G::Guardian),
            ("Amal", "Maja", G::Guardian),
            ("Erik", "Maja", G::Guardian),
            // Liv's stepfather, without custody and without delegation.
            ("Bo", "Liv", G::ParentWithoutCustody),
            // Adam came alone: a god man has custody's powers, the foster home what was delegated to it.
            ("Greta", "Adam", G::AppointedRepresentative),
            ("Fatou", "Adam", G::Carer),
            // Lena teaches 4B and is Hugo's mother.
            ("Lena", "Hugo", G::Guardian),
            ("Nora", "Omar", G::Guardian),
            ("Eva", "Elias", G::Guardian),
            ("Ulf", "Elias", G::Guardian),
            ("Ville", "Liv", G::Unspecified),
        ] {
            self.adult(adult, pupil, kind, Standing::Confirmed);
        }
        self.adult("Per", "Liv", G::Guardian, Standing::Pending);
        self.adult("Zlatan", "Liv", G::Guardian, Standing::Confirmed);
        self.put(Block { pupil: person("Liv"), person: person("Zlatan") });
        let mut carer = self.world.roster.guardianship(person("Adam"), person("Fatou")).unwrap().clone();
        carer.topics = vec![Topic::Attendance];
        self.put(carer);
        self.put(Person {
            id: person("Elias"),
            given_name: "Elias".into(),
            family_name: "Åberg".into(),
            language: None,
            phone: None,
            email: None,
            birth_date: Some(day("2008-11-22")),
            protected_identity: false,
        });
        self.put(AdultConsent { pupil: person("Elias"), person: person("Ulf"), dates: Dates::default() });
        let until_tonight = Dates { from: None, until: Some(monday()) };
        for (name, role, reach, dates) in [
            ("Sanna", Role::ContactTeacher, Reach::Group(group("4B")), Dates::default()),
            ("Lena", Role::ContactTeacher, Reach::Group(group("4B")), Dates::default()),
            ("Tomas", Role::Teacher, Reach::Group(group("4C")), Dates::default()),
            ("Vera", Role::Teacher, Reach::Group(group("4B")), until_tonight),
            ("Fia", Role::AfterSchoolStaff, Reach::Group(group("Fritids")), Dates::default()),
            ("Olle", Role::Office, Reach::School, Dates::default()),
            ("Petra", Role::Principal, Reach::School, Dates::default()),
            ("Hedda", Role::PupilHealth, Reach::School, Dates::default()),
        ] {
            self.put(Assignment { person: person(name), role, reach, dates });
        }
    }

    pub fn put(&mut self, entry: impl Into<RosterEntry>) {
        self.world.roster.put(&entry.into());
    }

    pub fn adult(&mut self, adult: &str, pupil: &str, kind: GuardianshipKind, standing: Standing) {
        let (pupil, person) = (person(pupil), person(adult));
        self.put(Guardianship { pupil, person, kind, standing, dates: Dates::default(), topics: Vec::new() });
    }

    /// It is that time on Monday.
    pub fn at(&mut self, time: &str) {
        self.on(monday(), time);
    }

    pub fn on(&mut self, day: NaiveDate, time: &str) {
        self.world.now = instant(self.world.roster.time_zone(), day, hm(time));
    }

    pub fn moment(&self, day: NaiveDate, time: &str) -> DateTime<Utc> {
        instant(self.world.roster.time_zone(), day, hm(time))
    }

    pub fn command(&self, capacity: Capacity, body: CommandBody) -> Command {
        let (id, school) = (CommandId::new(), self.world.school);
        Command { id, school, capacity, device_time: self.world.now - self.waited, depends_on: None, body }
    }

    /// Gives a command, and checks what must hold of every one: replayed over its own effect it changes nothing, and the
    /// giver's phone, which holds less, does not refuse what the school accepts.
    pub fn give(&mut self, who: &str, capacity: Capacity, body: CommandBody) -> Result<Changes, Rejection> {
        let command = self.command(capacity, body);
        self.submit(who, &command)
    }

    pub fn submit(&mut self, who: &str, command: &Command) -> Result<Changes, Rejection> {
        let id = person(who);
        let actor = Actor { person: Some(id), command: command.id };
        let phone = self.world.on_phone_of(id);
        let changes = self.world.submit(Some(id), command)?;
        let advice = decide(&phone, actor, command);
        assert!(advice.is_ok(), "{who}'s phone warns of what the school accepts: {advice:?} {command:?}");
        assert_eq!(decide(&self.world, actor, command), Ok(Changes::none()), "replayed: {command:?}");
        let again = decide(&self.world.on_phone_of(id), actor, command);
        assert_eq!(again, Ok(Changes::none()), "replayed on {who}'s phone: {command:?}");
        Ok(changes)
    }

    pub fn home(&mut self, who: &str, body: CommandBody) -> Result<Changes, Rejection> {
        self.give(who, Capacity::Home, body)
    }

    /// Lets the clock give what is due now about a pupil's day; returns how many commands that was.
    pub fn tick(&mut self, pupil: &str, day: NaiveDate) -> usize {
        let mut given = 0;
        loop {
            let mut due = Due::default();
            for watch in AreaKind::ALL.iter().flat_map(|area| watches(*area)) {
                due.merge((watch.owes)(&self.world, person(pupil), day));
            }
            if due.commands.is_empty() {
                return given;
            }
            for command in due.commands {
                self.world.submit(None, &command).unwrap();
                let actor = Actor { person: None, command: command.id };
                let again = decide(&self.world, actor, &command);
                assert!(again.is_err() || again == Ok(Changes::none()), "a repeated tick changes nothing: {again:?}");
                given += 1;
                assert!(given < 20, "the clock never rests: {command:?}");
            }
        }
    }

    pub fn clock(&mut self, body: CommandBody) -> Result<Changes, Rejection> {
        let mut command = self.command(Capacity::System, body);
        command.id = CommandId::derive(&[&"test", &self.world.now]);
        self.world.submit(None, &command)
    }

    pub fn today(&self) -> NaiveDate {
        local_date(self.world.roster.time_zone(), self.world.now)
    }

    // What is so.

    pub fn record(&self, pupil: &str, day: NaiveDate) -> Option<Attendance> {
        self.session(pupil, day, Session::Day)
    }

    pub fn session(&self, pupil: &str, day: NaiveDate, session: Session) -> Option<Attendance> {
        self.world.document(attendance_key(self.world.school, person(pupil), day, session))
    }

    pub fn extent(&self, pupil: &str, day: NaiveDate) -> Option<Extent> {
        self.record(pupil, day)?.extent
    }

    pub fn whole_days(&self, pupil: &str, first: i64, last: i64) -> Vec<i64> {
        (first..=last).filter(|number| self.extent(pupil, after(*number)) == Some(Extent::Whole)).collect()
    }

    pub fn pupil_day(&self, pupil: &str, day: NaiveDate) -> PupilDay {
        PupilDay::load(&self.world, person(pupil), day)
    }

    pub fn notice(&self, to: &str, reason: NoticeReason, pupil: &str) -> Option<Notice> {
        let key = notice_key(self.world.school, person(to), reason, person(pupil), self.today(), Session::Day);
        self.world.document(key)
    }

    pub fn call(&self, pupil: &str) -> Option<CallListEntry> {
        self.world.document(call_key(self.world.school, person(pupil), self.today(), Session::Day))
    }

    pub fn roll_taken(&self, name: &str) -> Option<RollTaken> {
        self.world.document(roll_key(self.world.school, group(name), self.today(), Session::Day))
    }

    pub fn status(&self, pupil: &str, name: &str) -> Status {
        let book = DayBook::of_group(&self.world, group(name), self.today());
        book.status_in(person(pupil), group(name), book.session_now(group(name)))
    }

    pub fn board(&self, name: &str) -> GroupBoard {
        let book = DayBook::of_group(&self.world, group(name), self.today());
        book.board(group(name), book.session_now(group(name)))
    }

    pub fn school_board(&self) -> SchoolBoard {
        DayBook::of_school(&self.world, self.today()).school()
    }
}

// What people say.

pub fn sick(pupils: &[&str], from: NaiveDate, to: NaiveDate) -> CommandBody {
    report(pupils, AbsenceKind::Sick, from, to, None)
}

pub fn sick_today(pupil: &str) -> CommandBody {
    sick(&[pupil], monday(), monday())
}

pub fn report(
    pupils: &[&str],
    kind: AbsenceKind,
    from: NaiveDate,
    to: NaiveDate,
    part: Option<PartOfDay>,
) -> CommandBody {
    let pupils = pupils.iter().map(|name| person(name)).collect();
    CommandBody::ReportAbsence { pupils, kind, from, to, part, note: None, on_behalf_of: None, phoned_at: None }
}

pub fn dentist(pupil: &str, from: &str, to: &str) -> CommandBody {
    report(&[pupil], AbsenceKind::Appointment, monday(), monday(), Some(part(from, to)))
}

pub fn well(pupil: &str, back_on: NaiveDate, back_at: Option<&str>) -> CommandBody {
    CommandBody::EndAbsence { pupil: person(pupil), back_on, back_at: back_at.map(hm) }
}

pub fn longer(pupil: &str, to: NaiveDate) -> CommandBody {
    CommandBody::ExtendAbsence { pupil: person(pupil), to }
}

pub fn take_back(pupil: &str, from: NaiveDate, to: NaiveDate) -> CommandBody {
    CommandBody::WithdrawAbsence { pupil: person(pupil), from, to }
}

pub fn marks(name: &str, day: NaiveDate, session: Session, marks: &[(&str, Presence)]) -> CommandBody {
    let marks = marks.iter().map(|(pupil, presence)| RollMark { pupil: person(pupil), presence: *presence }).collect();
    CommandBody::MarkRoll { group: group(name), day, session, marks }
}

pub fn mark(name: &str, pupil: &str, presence: Presence) -> CommandBody {
    marks(name, monday(), Session::Day, &[(pupil, presence)])
}

pub fn late(at: &str) -> Presence {
    Presence::Late { at: hm(at) }
}

pub fn undo(name: &str, pupil: &str) -> CommandBody {
    CommandBody::UndoMark { group: group(name), day: monday(), session: Session::Day, pupil: person(pupil) }
}

pub fn close(name: &str) -> CommandBody {
    CommandBody::CloseRoll { group: group(name), day: monday(), session: Session::Day }
}

pub fn explain(pupil: &str, day: NaiveDate, kind: AbsenceKind) -> CommandBody {
    CommandBody::ExplainAbsence { pupil: person(pupil), day, session: Session::Day, kind, note: None }
}

pub fn judge(pupil: &str, day: NaiveDate, accept: bool, reason: Option<&str>) -> CommandBody {
    let reason = reason.map(str::to_owned);
    CommandBody::JudgeExplanation { pupil: person(pupil), day, session: Session::Day, accept, reason }
}

pub fn called(pupil: &str, adult: Option<&str>, reached: bool) -> CommandBody {
    let called = adult.map(person);
    // As an app of an earlier version says it.
    let (outcome, note) = (None, None);
    CommandBody::LogCall { pupil: person(pupil), day: monday(), session: Session::Day, called, reached, outcome, note }
}

/// Somebody at home answered, and said that.
pub fn said_home(pupil: &str, outcome: CallOutcome, note: Option<&str>) -> CommandBody {
    CommandBody::LogCall {
        pupil: person(pupil),
        day: monday(),
        session: Session::Day,
        called: None,
        reached: true,
        outcome: Some(outcome),
        note: note.map(str::to_owned),
    }
}
