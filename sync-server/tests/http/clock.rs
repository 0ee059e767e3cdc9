//! A running server on a machine whose clock jumps: what its operator sees, and what an operator can say.

use crate::town::{morning, order, roster, school};
use chrono::{DateTime, TimeDelta, Utc};
use parking_lot::Mutex;
use skolebro_core::{
    clock::Clock,
    domain::roster::{Origin, RosterChange},
};
use skolebro_server::{
    engine::{RosterAuthor, Trust},
    operate::answer::{Answer, Exit},
    serve::{Running, ServeOptions},
};
use std::{path::Path, sync::Arc};

/// It stands still; the time on the wall can be moved alone.
#[derive(Debug)]
struct Wall(Mutex<DateTime<Utc>>);

impl Clock for Wall {
    fn now(&self) -> DateTime<Utc> {
        *self.0.lock()
    }
    fn elapsed(&self) -> TimeDelta {
        TimeDelta::zero()
    }
}

const YEARS: TimeDelta = TimeDelta::days(3_653);

fn serve(data: &Path, clock: &Arc<Wall>) -> Running {
    let running = Running::start(ServeOptions { clock: clock.clone(), tick_every: None, ..ServeOptions::on(data) });
    running.unwrap()
}

fn ready(running: &Running) -> (u16, String) {
    let answer = reqwest::blocking::get(format!("{}/v1/ready", running.server().url())).unwrap();
    (answer.status().as_u16(), answer.text().unwrap())
}

fn metric(running: &Running) -> String {
    let metrics = reqwest::blocking::get(format!("{}/metrics", running.server().url())).unwrap().text().unwrap();
    let line = metrics.lines().find(|line| line.starts_with("skolebro_clock_doubted "));
    line.unwrap().rsplit(' ').next().unwrap().to_owned()
}

#[test]
fn status_readiness_and_metrics_tell_that_a_clock_is_doubted_and_an_operator_says_that_it_is_right() {
    let folder = tempfile::tempdir().unwrap();
    let clock = Arc::new(Wall(Mutex::new(morning())));
    let running = serve(folder.path(), &clock);
    let brought = |entry| RosterChange::Put { entry, origin: Origin::Import };
    let changes = roster().into_iter().map(brought).collect();
    running.server().engine().apply_roster(school(), changes, RosterAuthor::Import).unwrap();
    let say = |words: &[&str]| order(folder.path(), words);
    say(&["tick"]).unwrap();
    assert_eq!((ready(&running), metric(&running).as_str()), ((200, "ready\n".to_owned()), "0"));

    *clock.0.lock() += YEARS;
    let (status, text) = ready(&running);
    assert!(status == 200 && text.contains("clock"), "{text}");
    assert_eq!(metric(&running), "1");
    let shown = say(&["status"]).unwrap();
    assert!(shown.to_string().contains("2036-11-23"), "{shown}");
    assert_eq!(shown.exit(), Exit::NeedsAttention);
    let refused = say(&["clock", "--today", "2026-11-23"]).unwrap_err();
    assert!(refused.what.contains("2036-11-23"), "{refused}");
    running.stop();

    // Now nothing says how long the server was off.
    let running = serve(folder.path(), &clock);
    let (status, text) = ready(&running);
    assert!(status == 503 && text.contains("clock"), "{text}");
    assert_eq!(metric(&running), "2");
    let ticked = say(&["tick"]).unwrap();
    assert!(matches!(&ticked, Answer::Ticked(ticked) if ticked.clock == Trust::Waiting));
    assert_eq!(ticked.exit(), Exit::NeedsAttention);
    assert_eq!(say(&["rebuild"]).unwrap_err().exit, Exit::Refused);
    let Answer::Clock(believed) = say(&["clock", "--today", "2036-11-23"]).unwrap() else { panic!() };
    assert_eq!((believed.trust, believed.now, believed.erases), (Trust::Believed, morning() + YEARS, false));
    assert_eq!(ready(&running).0, 200);
    assert!(
        matches!(say(&["rebuild", "--school", "Almskolan"]).unwrap(), Answer::Rebuilt { schools } if schools.len() == 1)
    );
    running.stop();

    // What an operator said holds at the next start, too.
    let running = serve(folder.path(), &clock);
    assert_eq!(ready(&running), (200, "ready\n".to_owned()));
    running.stop();
}
