//! The phone's figures: a real phone core on real files, with ten school years of one class.

use super::{
    figures::{Figure, Rate},
    light::LightPhone,
    school, server,
};
use chrono::Days;
use skolebro_core::{
    clock::{Clock, MovedClock},
    device::{
        Options, Phone, PhoneError, SyncEnd,
        http::HttpTransport,
        screens::{self, AbsencePlace, Window},
        secrets::MemorySecretStore,
        text::Texts,
    },
    domain::{
        attendance::{Attendance, Session},
        command::Capacity,
        ids::{GroupId, PersonId},
        people::{Language, Role},
        record::Body,
        roster::Roster,
    },
};
use skolebro_server::{
    serve::{Running, ServeOptions},
    store,
};
use std::{
    error::Error,
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

/// Ten school years of 180 days.
const DAYS: u64 = 1_800;
const TIMES: usize = 50;

pub fn measure(figures: &mut Vec<Figure>, folder: &Path, commits: f64, span: Duration) -> Result<(), Box<dyn Error>> {
    let data = folder.join("phone-school");
    let light = school::make(&data, 200, 1)?.swap_remove(0);
    let clock: Arc<dyn Clock> = Arc::new(MovedClock::from(school::morning()));
    let running = Running::start(ServeOptions { clock: clock.clone(), ..ServeOptions::on(&data) })?;
    let school = School { running, clock, folder, light };
    let (class, teacher, office) = school.staff()?;
    let body = Body::from(Attendance { session: Session::Day, ..Attendance::default() }).to_json()?;
    store::write(school.running.server().engine().store().as_ref(), |writing| {
        class.1.iter().try_for_each(|pupil| {
            (0..DAYS).try_for_each(|number| server::put(writing, school.light.school, *pupil, number, &body))
        })
    })?;
    home(figures, &school, commits, span)?;
    staff(figures, &school, class.0, teacher, office)?;
    school.running.stop();
    Ok(())
}

/// A running school, one guardian of it, and where its phones' folders are.
struct School<'a> {
    running: Running,
    clock: Arc<dyn Clock>,
    folder: &'a Path,
    light: LightPhone,
}

type Class = (GroupId, Vec<PersonId>);

impl School<'_> {
    /// The child's class, a teacher of it, and somebody of the office.
    fn staff(&self) -> Result<(Class, PersonId, PersonId), Box<dyn Error>> {
        let engine = self.running.server().engine();
        let mut roster = Roster::default();
        store::read(engine.store().as_ref(), |reading| {
            reading.roster(self.light.school, &mut |stored| roster.put(&stored.entry))
        })?;
        let today = school::today();
        let has = |person: &PersonId, role| roster.assignments(*person).iter().any(|held| held.role == role);
        let office = roster.staff_of_school().iter().copied().find(|person| has(person, Role::Office));
        let classes = roster.groups().filter(|group| roster.is_member(self.light.pupil, group.id, today));
        let class = classes.min_by_key(|group| roster.members(group.id, today).count()).ok_or("no class")?.id;
        let teacher = roster.staff_of_group(class).iter().copied().find(|person| has(person, Role::Teacher));
        let members = roster.members(class, today).collect();
        Ok(((class, members), teacher.ok_or("the class has no teacher")?, office.ok_or("the school has no office")?))
    }

    /// A phone with everything on it, opened anew, and how long that took with its first screen.
    fn phone(
        &self,
        person: PersonId,
        first: impl Fn(&Phone) -> Result<(), PhoneError>,
    ) -> Result<(Phone, f64), Box<dyn Error>> {
        let (_, code) = self.running.server().engine().make_codes(&[person])?.pop().ok_or("no code")?;
        let secrets = Arc::new(MemorySecretStore::default());
        let transport = Arc::new(HttpTransport::new(&self.running.server().url()));
        let folder = self.folder.join(person.to_string());
        let open = || Phone::open(&folder, transport.clone(), self.clock.clone(), secrets.clone(), Options::default());
        let phone = open()?;
        phone.enrol(&code, "bench")?;
        let synced = phone.sync_once(Duration::from_secs(60))?;
        if synced.ended != SyncEnd::Complete {
            return Err(format!("the phone did not sync: {synced:?}").into());
        }
        drop(phone);
        let started = Instant::now();
        let phone = open()?;
        first(&phone)?;
        Ok((phone, started.elapsed().as_secs_f64() * 1000.0))
    }
}

fn home(figures: &mut Vec<Figure>, school: &School<'_>, commits: f64, span: Duration) -> Result<(), Box<dyn Error>> {
    let texts = Texts::new(Language::Sv);
    let (id, pupil, today) = (school.light.school, school.light.pupil, school::today());
    let (phone, open) =
        school.phone(school.light.person, |phone| screens::home_today(&phone.view(id)?, texts).map(drop))?;
    figures.push(Figure::plain("phone: open to today, 10 school years", open, " ms", "< 10"));
    let window = Window::first(50);
    let view = || phone.view(id);
    timed(figures, "phone: today", || screens::home_today(&view()?, texts))?;
    timed(figures, "phone: child, a page", || screens::child(&view()?, texts, pupil, None, 50))?;
    timed(figures, "phone: statistics", || screens::stats(&view()?, texts, pupil, today))?;
    timed(figures, "phone: inbox", || screens::inbox(&view()?, texts, None, 50))?;
    let scope = screens::attendance_scope(pupil);
    timed(figures, "phone: who can read", || screens::who_can_read(&view()?, texts, scope, window))?;

    let (started, mut times) = (Instant::now(), Vec::new());
    while started.elapsed() < span / 2 && times.len() < 500 {
        let day = school.light.day(times.len());
        let sick = school.light.sick(school::morning(), day, day);
        let one = Instant::now();
        phone.submit(id, Capacity::Home, sick.body, None)?;
        times.push(one.elapsed());
    }
    let rate = Rate::of(times, started.elapsed());
    figures.push(Figure::rate("phone: submits, durable", rate, ("durable commits", commits), "≥ 0.5×"));
    let outbox = || screens::outbox(&view()?, texts, &phone.outbox()?, window);
    timed(figures, "phone: outbox with all of these", outbox)
}

fn staff(
    figures: &mut Vec<Figure>,
    school: &School<'_>,
    class: GroupId,
    teacher: PersonId,
    office: PersonId,
) -> Result<(), Box<dyn Error>> {
    let texts = Texts::new(Language::Sv);
    let (id, today, window) = (school.light.school, school::today(), Window::first(50));
    let (phone, open) = school.phone(teacher, |phone| screens::staff_today(&phone.view(id)?, texts).map(drop))?;
    figures.push(Figure::plain("teacher: open to today, a class's 10 years", open, " ms", "< 10"));
    let view = || phone.view(id);
    timed(figures, "teacher: today", || screens::staff_today(&view()?, texts))?;
    timed(figures, "teacher: roll call", || screens::roll_call(&view()?, texts, class, today, None))?;
    timed(figures, "teacher: board of the class", || screens::group_board(&view()?, texts, class, today, window))?;
    let (phone, open) = school.phone(office, |phone| screens::staff_today(&phone.view(id)?, texts).map(drop))?;
    figures.push(Figure::plain("office: open to today, 200 pupils", open, " ms", "< 10"));
    let view = || phone.view(id);
    timed(figures, "office: board of the school", || screens::school_board(&view()?, texts, today, window))?;
    timed(figures, "office: call list", || screens::call_list(&view()?, texts, None, window))?;
    timed(figures, "office: evacuation list", || screens::evacuation_list(&view()?, texts, window))?;
    // Before the oldest day of which anything is held there are nine years more that the list may ask for.
    let (oldest, first) = (today - Days::new(DAYS - 1), today - Days::new(14 * 366));
    let place = Some(AbsencePlace { day: oldest, pupil: school.light.pupil });
    timed(figures, "office: absences, past the oldest day", || {
        screens::absences(&view()?, texts, (first, today), place, 50)
    })
}

fn timed<T>(
    figures: &mut Vec<Figure>,
    name: &'static str,
    screen: impl Fn() -> Result<T, PhoneError>,
) -> Result<(), Box<dyn Error>> {
    let mut times = Vec::with_capacity(TIMES);
    let started = Instant::now();
    for _ in 0..TIMES {
        let one = Instant::now();
        std::hint::black_box(screen()?);
        times.push(one.elapsed());
    }
    let rate = Rate::of(times, started.elapsed());
    figures.push(Figure { p99_ms: Some(rate.p99_ms), ..Figure::plain(name, rate.p50_ms, " ms", "< 10") });
    Ok(())
}
