//! What every screen begins with: the source, the language, and the school's day and hour.

use super::{Source, values::Person};
use crate::{
    device::{
        Delivery, PhoneError,
        text::{Labels, Names, Texts},
    },
    domain::{
        access::may_about_pupil,
        attendance::{Attendance, HomeAnswer, PupilDay, Session},
        calendar::school_year_of,
        command::{Capacity, CommandBody, CommandKind},
        ids::{CommandId, GroupId, PersonId},
        names,
        people::{Assignment, Reach},
        record::{Record, RecordKind},
        time::local_date,
    },
    say,
};
use chrono::{DateTime, Days, NaiveDate, Utc};
use chrono_tz::Tz;
use std::collections::BTreeMap;

pub(super) struct Frame<'a> {
    pub source: &'a dyn Source,
    pub texts: Texts,
    pub tz: Tz,
    pub now: DateTime<Utc>,
    pub today: NaiveDate,
}

impl Names for Frame<'_> {
    fn name(&self, person: PersonId) -> Option<String> {
        self.source.name(person).map(|name| name.to_string())
    }
    fn is_me(&self, person: PersonId) -> bool {
        person == self.source.me()
    }
}

impl Labels for Frame<'_> {
    fn group_name(&self, group: GroupId) -> Option<String> {
        self.source.roster().group(group).map(|group| group.name.clone())
    }
}

impl<'a> Frame<'a> {
    pub fn new(source: &'a dyn Source, texts: Texts) -> Self {
        let (tz, now) = (source.roster().time_zone(), source.now());
        Self { source, texts, tz, now, today: local_date(tz, now) }
    }

    pub fn pupil(&self, pupil: PersonId) -> Person {
        Person { id: pupil, name: self.texts.sentence(&self.texts.pupil_named(self, pupil)) }
    }

    /// Whoever said or did something: *you*, a name, or what can be said of one whose card is not here.
    pub fn who(&self, person: PersonId) -> String {
        if person == self.source.me() {
            return say!(self.texts, "person-you");
        }
        self.name(person).unwrap_or_else(|| match self.source.roster().assignments(person) {
            [] => self.texts.a_guardian(),
            [_, ..] => self.texts.someone_at_school(),
        })
    }

    pub fn staff(&self, person: PersonId) -> String {
        if person == self.source.me() { self.who(person) } else { self.texts.staff_named(self, person) }
    }

    /// Who at school did something, at the beginning of a line: there *you* is another word in three of four languages.
    pub fn doer(&self, person: PersonId) -> String {
        let me = person == self.source.me();
        let who = if me { say!(self.texts, "reader-you") } else { self.texts.staff_named(self, person) };
        self.texts.sentence(&who)
    }

    pub fn group(&self, group: GroupId) -> String {
        self.group_name(group).unwrap_or_else(|| say!(self.texts, "group-unknown"))
    }

    /// Groups in the order of their names.
    pub fn by_name(&self, mut groups: Vec<GroupId>) -> Vec<GroupId> {
        groups.sort_by_cached_key(|group| (names::sort_key(self.texts.language(), &self.group(*group)), *group));
        groups.dedup();
        groups
    }

    /// Home believes the pupil at school, and it is missing.
    pub fn alarm_text(&self, name: &str, day: NaiveDate, session: Session, answer: &HomeAnswer) -> String {
        let when = if day == self.today { "today" } else { "earlier" };
        let day = self.texts.day_and_session(day, session, self.today);
        let (who, time) = (self.staff(answer.by), self.moment(answer.at));
        say!(self.texts, "alarm", when = when, name = name, day = day, who = who, time = time)
    }

    pub fn heading(&self, day: NaiveDate) -> String {
        self.texts.sentence(&self.texts.date(day, self.today))
    }

    /// *I dag*, *Måndag 12 oktober*: at the beginning of a line.
    pub fn label(&self, day: NaiveDate) -> String {
        self.texts.sentence(&self.texts.day(day, self.today))
    }

    pub fn moment(&self, at: DateTime<Utc>) -> String {
        self.texts.moment(at, self.tz, self.today)
    }

    /// Whether a command has not been answered by the school yet.
    pub fn is_here_only(&self, command: CommandId) -> Result<bool, PhoneError> {
        Ok(match self.source.delivery(command)? {
            Some(Delivery::OnThisPhoneOnly { .. }) => true,
            Some(Delivery::AtSchool { .. } | Delivery::Seen { .. } | Delivery::Rejected { .. }) | None => false,
        })
    }

    /// A pupil's days that have records.
    pub fn days(
        &self,
        pupil: PersonId,
        from: NaiveDate,
        to: NaiveDate,
    ) -> Result<BTreeMap<NaiveDate, PupilDay>, PhoneError> {
        let records = self.source.of_pupil_between(RecordKind::Attendance, pupil, from, to)?;
        Ok(self.days_of(pupil, records))
    }

    pub fn days_of(&self, pupil: PersonId, records: Vec<Record>) -> BTreeMap<NaiveDate, PupilDay> {
        let mut days: BTreeMap<NaiveDate, PupilDay> = BTreeMap::new();
        for record in records {
            let (Some(day), Ok(attendance)) = (record.day, Attendance::try_from(record.body)) else { continue };
            let facts = days.entry(day).or_insert_with(|| self.empty_day(pupil, day));
            facts.sessions.insert(attendance.session, attendance);
        }
        days
    }

    pub fn empty_day(&self, pupil: PersonId, day: NaiveDate) -> PupilDay {
        PupilDay::empty(self.source.roster(), pupil, day)
    }

    /// Whether the rules here would take a command and it would change anything.
    pub fn would(&self, capacity: Capacity, body: &CommandBody) -> bool {
        self.source.advise(capacity, body.clone()).is_ok_and(|changes| !changes.is_empty())
    }

    /// This person's assignments that hold today.
    pub fn assignments(&self) -> impl Iterator<Item = &Assignment> {
        let own = self.source.roster().assignments(self.source.me());
        own.iter().filter(|assignment| assignment.dates.contain(self.today))
    }

    /// The role in which this person acts about a group, if in any: what the rules here would accept.
    pub fn capacity_for(&self, group: GroupId, body: &CommandBody) -> Option<Capacity> {
        let reaching = self.assignments().filter(|assignment| match assignment.reach {
            Reach::School => true,
            Reach::Group(own) => own == group,
        });
        reaching.map(|assignment| Capacity::Staff(assignment.role)).find(|capacity| {
            // Without changes is still allowed: a roll that is marked as asked for.
            self.source.advise(*capacity, body.clone()).is_ok()
        })
    }

    /// The role in which this person may ask for that about all these pupils, by the access table.
    pub fn capacity_about(&self, kind: CommandKind, pupils: &[PersonId]) -> Option<Capacity> {
        let (roster, me) = (self.source.roster(), self.source.me());
        let may = |capacity: &Capacity| {
            pupils.iter().all(|pupil| may_about_pupil(roster, me, *capacity, kind, *pupil, self.today))
        };
        self.assignments().map(|assignment| Capacity::Staff(assignment.role)).find(may)
    }

    pub fn ago(&self, days: u64) -> NaiveDate {
        self.today.checked_sub_days(Days::new(days)).unwrap_or(self.today)
    }

    pub fn ahead(&self, days: u64) -> NaiveDate {
        self.today.checked_add_days(Days::new(days)).unwrap_or(self.today)
    }

    /// The first day of the school year that `day` is in.
    pub fn school_year_start(&self, day: NaiveDate) -> NaiveDate {
        use chrono::Datelike;
        let year = if day.month() >= 8 { day.year() } else { day.year() - 1 };
        let start = NaiveDate::from_ymd_opt(year, 8, 1).unwrap_or(day);
        debug_assert_eq!(school_year_of(start), school_year_of(day));
        start
    }
}
