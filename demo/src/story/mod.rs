//! A fictional municipality's morning, with the real importer, server, clockwork and device cores,
//! and then the server stays up to be tried.
//!
//! `town` and `script` say who does what, `tally` what must come of it; `morning` plays it on `phones`; `check` compares;
//! `afterwards` hands over to whoever looks on. Everything goes through the doors that everybody uses; nothing here may
//! write to the store, and it must never be pointed at a real school's data.

mod afterwards;
mod board;
mod check;
mod clock;
mod day;
mod interrupt;
mod morning;
mod orders;
mod phones;
mod script;
mod show;
mod tally;
mod town;
mod wire;

use chrono::{NaiveDate, Utc};
use clap::Args;
use clock::StoryClock;
use interrupt::Interrupt;
use morning::Morning;
use orders::Operator;
use phones::Fleet;
use script::Script;
use show::Show;
use skolebro_core::{clock::Clock, device::transport::TransportError, domain::time::local_date, protocol::ProblemCode};
use skolebro_demo::sample::{Country, Municipality, SampleSpec};
use skolebro_server::{
    http::HttpLimits,
    operate::answer::{Exit, Trouble},
    serve::{Running, ServeOptions},
};
use std::{
    fs, io,
    net::{Ipv4Addr, SocketAddr},
    os::unix::fs::{DirBuilderExt, PermissionsExt},
    path::{Path, PathBuf},
    sync::{Arc, atomic::Ordering},
    time::{Duration, Instant},
};
use town::Town;

#[derive(Clone, Debug, Args)]
pub struct Story {
    /// Pupils of the municipality.
    #[arg(long, value_name = "COUNT", default_value_t = 1_500, value_parser = clap::value_parser!(u32).range(200..=20_000))]
    pupils: u32,
    /// Another seed is another municipality and another morning.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Guardians with a phone; every contact teacher and each office has one besides.
    #[arg(long, value_name = "COUNT", default_value_t = 300)]
    phones: usize,
    /// An empty folder that stays afterwards; a fresh one that goes with the end, unless it is given.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Where to listen; a free port, unless it is given.
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<SocketAddr>,
    /// End after the morning instead of staying up.
    #[arg(long)]
    exit: bool,
    /// The day to take for today.
    #[arg(long, value_name = "DAY", hide = true)]
    today: Option<NaiveDate>,
}

/// A code that nobody made.
const GUESSED: &str = "7777-7777-7777";
/// Differences that are printed.
const TOLD: usize = 30;

/// Plays it.
///
/// # Errors
/// Something went otherwise than the script has it, or the folder is no empty one.
pub fn run(words: &Story) -> Result<Exit, Trouble> {
    let failed = |error: io::Error| Trouble::refused(error.to_string());
    let interrupt = Interrupt::listen().map_err(failed)?;
    let folder = match &words.data {
        Some(data) => Folder::Kept(own(data)?),
        None => {
            let private = fs::Permissions::from_mode(0o700);
            let fresh = tempfile::Builder::new().prefix("skolebro-demo-").permissions(private).tempdir();
            Folder::Fresh(fresh.map_err(failed)?)
        }
    };
    let data = folder.path();
    let mut show = Show::new();
    let today = words.today.unwrap_or_else(|| local_date(chrono_tz::Europe::Stockholm, Utc::now()));
    let day = day::school_day(today)?;
    let spec = SampleSpec { pupils: words.pupils, seed: words.seed, country: Country::Sweden, today: day };
    let town = Town { made: Municipality::generate(spec), day };
    let script = script::write(&town, words.seed, words.phones);
    let clock = Arc::new(StoryClock::at(town.at(script::BEGIN)));

    let options = ServeOptions {
        listen: words.listen.unwrap_or_else(|| SocketAddr::from((Ipv4Addr::LOCALHOST, 0))),
        // All phones of the town come from one address.
        limits: HttpLimits { enrol_per_minute: None, ..HttpLimits::default() },
        clock: Arc::clone(&clock) as Arc<dyn Clock>,
        ..ServeOptions::on(data)
    };
    let running = Running::start(options)?;
    let url = running.server().url();
    let keeps = matches!(folder, Folder::Kept(_));
    let operator = Operator { data: data.to_owned(), url: url.clone(), keeps };
    show.lines(&format!(
        "Skolebro: a morning in {}, which does not exist.\nIt is {} at 06:50. The server listens on {url}; its data is in {}",
        town.made.name,
        day.format("%A %-d %B %Y"),
        data.display()
    ));
    let ended = perform(words, &town, script, &clock, &operator, &interrupt, &mut show);
    if let Ok(Some(stay)) = &ended
        && !words.exit
    {
        clock.run();
        show.lines(stay);
        interrupt.wait();
        show.line("");
    }
    let drained = running.stop();
    show.line(if drained { "The server has ended." } else { "The server has ended; some requests were cut off." });
    match ended? {
        Some(_) => Ok(Exit::Ok),
        None => Ok(Exit::Refused),
    }
}

/// What to print for those who stay; none: stopped, or the school saw something else than was said.
fn perform(
    words: &Story,
    town: &Town,
    script: Script,
    clock: &Arc<StoryClock>,
    operator: &Operator,
    interrupt: &Interrupt,
    show: &mut Show,
) -> Result<Option<String>, Trouble> {
    let begun = Instant::now();
    import(town, operator, show)?;
    let device_clock = Arc::clone(clock) as Arc<dyn Clock>;
    let mut fleet = Fleet::new(operator.data.join("phones"), &operator.url, device_clock)?;
    let since = Instant::now();
    operator.enrol(town, &script, &mut fleet, show)?;
    let (exchanges, median, slowest) = fleet.figures().take();
    let rows = std::mem::take(&mut fleet.sums.lock().rows);
    show.line(&format!(
        "06:50  {} phones signed in with the codes of their letters in {:.1} s: {} of guardians, {} of staff; {exchanges} \
         first syncs brought {rows} records (median {}, 99 of 100 within {})",
        fleet.len(),
        since.elapsed().as_secs_f64(),
        script.guardians.len(),
        fleet.len() - script.guardians.len(),
        millis(median),
        millis(slowest),
    ));
    let let_in = turn_away(town, &script, operator, &fleet, show)?;

    let morning = Morning { town, script: &script, fleet: &fleet, clock, operator, interrupt };
    if !morning.play(show)? {
        show.line("Stopped before the end of the morning.");
        return Ok(None);
    }
    figures(&script, &fleet, begun.elapsed(), show);
    let mut verdict = check::compare(town, &script, &fleet)?;
    let_in.into_iter().for_each(|who| verdict.differ(who));
    if !verdict.differences.is_empty() {
        show.line(&format!("THE SCHOOL SEES SOMETHING ELSE THAN WAS SAID, {} times:", verdict.differences.len()));
        verdict.differences.iter().take(TOLD).for_each(|difference| show.line(&format!("  {difference}")));
        return Ok(None);
    }
    show.line(&format!(
        "The school sees what was said: {} pupils compared one by one, with rolls and call lists; no difference.",
        verdict.pupils
    ));
    if words.exit {
        return Ok(Some(String::new()));
    }
    afterwards::invitation(town, &script, operator).map(Some)
}

fn import(town: &Town, operator: &Operator, show: &Show) -> Result<(), Trouble> {
    let bundle = operator.data.join("sample.zip");
    town.made.write_zip(&bundle).map_err(|error| Trouble::refused(error.to_string()))?;
    let since = Instant::now();
    let report = operator.import(&bundle, town, show)?;
    let facts: u64 = report.facts.values().map(|tally| tally.created).sum();
    show.line(&format!(
        "06:50  imported {} people of {} schools, {} of them pupils, in {:.1} s: {facts} facts from {} files",
        town.made.people.len(),
        town.schools().len(),
        town.made.pupils.len(),
        since.elapsed().as_secs_f64(),
        report.files.len(),
    ));
    Ok(())
}

/// A blocked father, a pending stepfather and a parent with nothing ask for a code and try one. Gives who got something.
fn turn_away(
    town: &Town,
    script: &Script,
    operator: &Operator,
    fleet: &Fleet,
    show: &Show,
) -> Result<Vec<String>, Trouble> {
    let mut let_in = Vec::new();
    for who in &script.denied {
        if operator.code_of(town, *who)?.is_some() {
            let_in.push(format!("a code was made for {}", town.name(*who)));
        }
        match fleet.break_in(*who, GUESSED)? {
            Some(TransportError::Refused { problem, .. }) if problem.code == ProblemCode::CodeWrong => {}
            other => let_in.push(format!("{} tried a code and got {other:?}", town.name(*who))),
        }
    }
    let names: Vec<String> = script.denied.iter().map(|who| town.name(*who)).collect();
    if let_in.is_empty() {
        show.line(&format!(
            "06:50  {} (blocked, pending, without custody) got no code and nothing else",
            names.join(", ")
        ));
    }
    Ok(let_in)
}

fn figures(script: &Script, fleet: &Fleet, took: Duration, show: &Show) {
    let (exchanges, median, slowest) = fleet.figures().take();
    let sums = *fleet.sums.lock();
    let kilobytes = |counter: &std::sync::atomic::AtomicU64| counter.load(Ordering::Relaxed) / 1000;
    let away = script.tally.words.values().filter(|said| said.absence.is_some()).count();
    show.lines(&format!(
        "Figures\n\
         \x20 the morning    {away} pupils reported away, {} rolls called and {} not, {} homes on the call list\n\
         \x20 commands       {} accepted, {} rejected, {} left for later; the phone advised against {}\n\
         \x20 syncs          {exchanges}, {:.0} a second while phones were at work; median {}, 99 of 100 within {}\n\
         \x20 over the wire  {} kB up, {} kB down, as JSON before compression\n\
         \x20 time           {:.1} s in all, {:.1} s of it with phones at work",
        script.tally.taken.len(),
        script.tally.untaken.len(),
        script.tally.calls.len(),
        sums.accepted,
        sums.rejected,
        sums.not_now,
        sums.advised,
        exchanges as f64 / sums.busy.as_secs_f64().max(0.001),
        millis(median),
        millis(slowest),
        kilobytes(&fleet.figures().up),
        kilobytes(&fleet.figures().down),
        took.as_secs_f64(),
        sums.busy.as_secs_f64(),
    ));
}

fn millis(duration: Duration) -> String {
    format!("{:.1} ms", duration.as_secs_f64() * 1000.0)
}

enum Folder {
    Fresh(tempfile::TempDir),
    Kept(PathBuf),
}

impl Folder {
    fn path(&self) -> &Path {
        match self {
            Folder::Fresh(folder) => folder.path(),
            Folder::Kept(folder) => folder,
        }
    }
}

/// A folder that holds no school yet: the story has its own day, and would not fit what is there.
fn own(data: &Path) -> Result<PathBuf, Trouble> {
    let usage = |error: io::Error| Trouble::usage(format!("{}: {error}", data.display()));
    fs::DirBuilder::new().recursive(true).mode(0o700).create(data).map_err(usage)?;
    if fs::read_dir(data).map_err(usage)?.next().is_some() {
        return Err(Trouble::usage(format!("{} is not empty; the demonstration needs a fresh folder", data.display())));
    }
    std::path::absolute(data).map_err(usage)
}
