//! The phone's figures: a real phone core on real files, with ten school years of one child.

use super::{
    figures::{Figure, Rate},
    school, server,
};
use skolebro_core::{
    clock::{Clock, MovedClock},
    device::{
        Options, Phone, SyncEnd,
        http::HttpTransport,
        screens::{self, Window},
        secrets::MemorySecretStore,
        text::Texts,
    },
    domain::{
        attendance::{AbsenceKind, Attendance, PartOfDay, Session},
        command::{Capacity, CommandBody},
        people::Language,
        record::Body,
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
    let engine = running.server().engine();
    let body = Body::from(Attendance { session: Session::Day, ..Attendance::default() }).to_json()?;
    store::write(engine.store().as_ref(), |writing| {
        (0..DAYS).try_for_each(|number| server::put(writing, light.school, light.pupil, number, &body))
    })?;
    let (_, code) = engine.make_codes(&[light.person])?.pop().ok_or("no code for the guardian")?;
    let phone_folder = folder.join("phone");
    let secrets = Arc::new(MemorySecretStore::default());
    let transport = Arc::new(HttpTransport::new(&running.server().url())?);
    let open = || Phone::open(&phone_folder, transport.clone(), clock.clone(), secrets.clone(), Options::default());
    let phone = open()?;
    phone.enrol(&code, "bench")?;
    let synced = phone.sync_once(Duration::from_secs(60))?;
    if synced.ended != SyncEnd::Complete {
        return Err(format!("the phone did not sync: {synced:?}").into());
    }
    let texts = Texts::new(Language::Sv);
    let (school, pupil, today) = (light.school, light.pupil, school::today());
    drop(phone);
    let started = Instant::now();
    let phone = open()?;
    screens::home_today(&phone.view(school)?, texts)?;
    figures.push(Figure::plain("phone: open to today, 10 school years", millis(started.elapsed()), " ms", "< 10"));

    let mut time = |name, screen: &mut dyn FnMut() -> Result<(), Box<dyn Error>>| -> Result<(), Box<dyn Error>> {
        let mut times = Vec::new();
        let started = Instant::now();
        for _ in 0..TIMES {
            let one = Instant::now();
            screen()?;
            times.push(one.elapsed());
        }
        let rate = Rate::of(times, started.elapsed());
        figures.push(Figure { p99_ms: Some(rate.p99_ms), ..Figure::plain(name, rate.p50_ms, " ms", "< 10") });
        Ok(())
    };
    let window = Window::first(50);
    time("phone: today", &mut || Ok(screens::home_today(&phone.view(school)?, texts).map(drop)?))?;
    time("phone: child, a page", &mut || Ok(screens::child(&phone.view(school)?, texts, pupil, None, 50).map(drop)?))?;
    time("phone: statistics", &mut || Ok(screens::stats(&phone.view(school)?, texts, pupil, today).map(drop)?))?;
    time("phone: inbox", &mut || Ok(screens::inbox(&phone.view(school)?, texts, None, 50).map(drop)?))?;
    time("phone: outbox", &mut || {
        Ok(screens::outbox(&phone.view(school)?, texts, &phone.outbox()?, window).map(drop)?)
    })?;

    let rules_day = |hour| chrono::NaiveTime::from_hms_opt(hour, 0, 0).unwrap_or_default();
    let (started, mut times) = (Instant::now(), Vec::new());
    while started.elapsed() < span / 2 && times.len() < 500 {
        let body = CommandBody::ReportAbsence {
            pupils: vec![pupil],
            kind: AbsenceKind::Appointment,
            from: today,
            to: today,
            part: Some(PartOfDay { from: rules_day(9), to: rules_day(10) }),
            note: None,
            on_behalf_of: None,
            phoned_at: None,
        };
        let one = Instant::now();
        phone.submit(school, Capacity::Home, body, None)?;
        times.push(one.elapsed());
    }
    let rate = Rate::of(times, started.elapsed());
    figures.push(Figure::rate("phone: submits, durable", rate, ("durable commits", commits), "≥ 0.5×"));
    drop(phone);
    running.stop();
    Ok(())
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}
