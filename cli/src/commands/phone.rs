//! The phone itself: signing in, its network, the person's other phones.

use super::mail::numbered;
use crate::{
    args::{Devices, Enrol, Online},
    draw,
    exit::Exit,
    output::{Tone, complain},
    session::{Session, WITH_SERVER, school_name},
    trouble::{Trouble, standing_words, usage},
};
use serde_json::json;
use skolebro_core::{
    device::{
        Phone, PhoneError, Standing, SyncEnd,
        http::{AddressProblem, check_address},
        screens::Stands,
        text::Texts,
        transport::TransportError,
    },
    domain::activation,
    protocol::ProblemCode,
    say,
};

/// What the command line names, or the letter's link.
pub fn asked_server(args: &Enrol) -> Option<String> {
    let asked = args.server.clone().or_else(|| activation::server_in(&args.code))?;
    Some(asked.trim().trim_end_matches('/').to_owned())
}

fn leaving(session: &Session, keep_waiting: bool) -> Phone {
    if keep_waiting { session.phone.even_if_unsent() } else { session.phone.clone() }
}

/// What would be left behind, and whose it is: the person is still signed in, and chooses.
fn ask_of_unsent(session: &mut Session, option: &str) -> Result<Trouble, Trouble> {
    let texts = session.texts;
    let mut names = Vec::new();
    for view in session.views()? {
        names.extend(view.name(view.me()).map(|name| name.to_string()));
        names.extend(view.role()?.map(|card| card.name));
    }
    let who = names.into_iter().next().unwrap_or_else(|| say!(texts, "cli-somebody"));
    let mut told = vec![say!(texts, "cli-unsent-of", who = who)];
    let lines = session.outbox_lines()?;
    let waiting = lines.iter().filter(|(_, line)| matches!(line.state.state, Stands::Waiting));
    told.extend(waiting.map(|(_, line)| format!("  {} – {}", line.title, line.state.text)));
    told.push(say!(texts, "cli-unsent-choose", option = option));
    Ok(Trouble::Asks(told.join("\n")))
}

pub fn enrol(session: &mut Session, args: &Enrol) -> Result<Exit, Trouble> {
    let known = session.folder.server();
    let asked = asked_server(args);
    let url = match (&asked, &known) {
        (Some(asked), Some(known)) if asked != known && session.phone.who().is_some() => {
            return Err(usage(say!(session.texts, "cli-other-server", known = known, asked = asked)));
        }
        (Some(asked), _) => asked.clone(),
        (None, Some(known)) => known.clone(),
        (None, None) => return Err(usage(say!(session.texts, "cli-which-server"))),
    };
    check(&url, session.texts)?;
    if session.folder.is_offline() {
        return Err(Trouble::Offline);
    }
    session.folder.keep_server(&url).map_err(PhoneError::Folder)?;
    let name = args.name.clone().unwrap_or_else(|| format!("skolebro {}", host()));
    let phone = leaving(session, args.keep_waiting);
    let who = match phone.enrol(&args.code, &name) {
        Err(PhoneError::Unsent { .. }) => return Err(ask_of_unsent(session, "--keep-waiting")?),
        other => other.map_err(|error| not_reached(error, &url, session.texts))?,
    };
    session.choose_language();
    // The token is here: what is not fetched now is fetched later.
    if let Some(why) = session.sync(WITH_SERVER)? {
        complain(&why.text);
    }
    session.signed_in()?;
    let (mut names, mut schools) = (Vec::new(), Vec::new());
    for view in session.views()? {
        names.extend(view.name(view.me()).map(|name| name.to_string()));
        names.extend(view.role()?.map(|card| card.name));
        // What could not be fetched in time has no name yet.
        schools.extend(Some(school_name(&view)).filter(|name| !name.is_empty()));
    }
    let name = names.into_iter().next();
    session.draw_sealed();
    let greeting = match &name {
        Some(name) => say!(session.texts, "cli-signed-in", name = name),
        None => say!(session.texts, "cli-signed-in-nameless"),
    };
    session.out.line(&greeting, Tone::Good);
    for school in &schools {
        session.out.indented(school, Tone::Plain);
    }
    session.out.set(json!({
        "person": who.person, "device": who.device, "name": name, "language": session.texts.language().tag(), "schools": schools,
    }));
    Ok(Exit::Done)
}

/// Nothing tries again to enrol: what helps is to know which address was tried, and how it failed.
fn not_reached(error: PhoneError, url: &str, texts: Texts) -> Trouble {
    let not_ours = || Trouble::Failed(say!(texts, "cli-server-not-ours", address = url));
    match error {
        PhoneError::Transport(TransportError::Offline) => {
            Trouble::Failed(say!(texts, "cli-server-unreachable", address = url))
        }
        PhoneError::Transport(TransportError::Timeout) => {
            Trouble::Failed(say!(texts, "cli-server-silent", address = url))
        }
        PhoneError::Transport(TransportError::Untrusted) => {
            let words = texts.transport_error(&TransportError::Untrusted);
            Trouble::Failed(format!("{url}: {}\n{}", words.text, words.instead))
        }
        // Asked by an address that goes on after its name, ours finds nothing either.
        PhoneError::Transport(TransportError::Garbled) => not_ours(),
        PhoneError::Transport(TransportError::Refused { problem, .. }) if problem.code == ProblemCode::NotFound => {
            not_ours()
        }
        other => other.into(),
    }
}

fn host() -> String {
    std::env::var("HOSTNAME").ok().filter(|name| !name.is_empty()).unwrap_or_else(|| "terminal".to_owned())
}

/// A code and a token must not cross a network in the open.
fn check(url: &str, texts: Texts) -> Result<(), Trouble> {
    match check_address(url) {
        Ok(()) => {}
        Err(AddressProblem::NotHttp) => {
            return Err(usage(say!(texts, "cli-server-such-as", asked = texts.quoted(url))));
        }
        Err(AddressProblem::InTheOpen) => complain(&say!(texts, "cli-server-open")),
    }
    Ok(())
}

pub fn sync(session: &mut Session) -> Result<Exit, Trouble> {
    session.signed_in()?;
    if session.folder.is_offline() {
        return Err(Trouble::Offline);
    }
    let report = session.phone.sync_once(session.wait_or(WITH_SERVER))?;
    session.choose_language();
    let why = session.end_words(&report.ended);
    let counted = say!(
        session.texts,
        "cli-synced",
        sent = report.sent,
        accepted = report.accepted,
        refused = report.rejected,
        later = report.not_now,
        received = report.rows
    );
    session.out.plain(&counted);
    session.out.set(json!({
        "complete": report.ended == SyncEnd::Complete, "sent": report.sent, "accepted": report.accepted,
        "rejected": report.rejected, "not_now": report.not_now, "rows": report.rows, "why": why,
    }));
    let exit = match &report.ended {
        SyncEnd::SignedOut(Some(Standing::TokenUnknown)) => Exit::Failed,
        SyncEnd::SignedOut(_) => Exit::NotSignedIn,
        SyncEnd::Complete if report.rejected > 0 => Exit::Failed,
        SyncEnd::Complete if report.not_now > 0 => Exit::Kept,
        SyncEnd::Complete => Exit::Done,
        SyncEnd::OutOfTime
        | SyncEnd::Busy
        | SyncEnd::Offline
        | SyncEnd::Untrusted
        | SyncEnd::Timeout
        | SyncEnd::Garbled
        | SyncEnd::Cancelled
        | SyncEnd::Refused { .. }
        | SyncEnd::TooOld => Exit::Failed,
    };
    if let Some(why) = why {
        session.out.line(&why.text, Tone::Bad);
        session.out.indented(&why.instead, Tone::Plain);
    }
    if report.rejected > 0 {
        session.out.quiet(&say!(session.texts, "cli-see-outbox", command = "skolebro outbox"));
    }
    Ok(exit)
}

pub fn online(session: &mut Session, args: &Online) -> Result<Exit, Trouble> {
    if let Some(url) = &args.server {
        let url = url.trim().trim_end_matches('/');
        check(url, session.texts)?;
        // A token is sent nowhere else by a slip.
        if let Some(known) = session.folder.server().filter(|known| known != url) {
            return Err(usage(say!(session.texts, "cli-other-server", known = known, asked = url)));
        }
        session.folder.keep_server(url).map_err(PhoneError::Folder)?;
    }
    offline(session, false)
}

pub fn offline(session: &mut Session, offline: bool) -> Result<Exit, Trouble> {
    session.folder.set_offline(offline).map_err(PhoneError::Folder)?;
    let texts = session.texts;
    let text = if offline { say!(texts, "cli-network-off") } else { say!(texts, "cli-network-on") };
    session.out.plain(&text);
    session.out.set(json!({ "offline": offline }));
    Ok(Exit::Done)
}

pub fn devices(session: &mut Session, args: &Devices) -> Result<Exit, Trouble> {
    session.signed_in()?;
    if session.folder.is_offline() {
        return Err(Trouble::Offline);
    }
    let mut devices = session.phone.devices()?;
    if let Some(number) = args.revoke {
        let entry = numbered(session.texts, &devices, number)?;
        let (device, this) = (entry.device, entry.this);
        match leaving(session, args.keep_waiting).revoke_device(device) {
            Err(PhoneError::Unsent { .. }) => return Err(ask_of_unsent(session, "--keep-waiting")?),
            other => other?,
        }
        if this {
            let words = session.phone.who().and_then(|who| standing_words(who.standing, session.texts));
            if let Some(words) = words {
                session.out.line(&words.text, Tone::Warn);
            }
            session.out.set(json!({ "devices": [] }));
            return Ok(Exit::Done);
        }
        devices = session.phone.devices()?;
    }
    let tz = session.time_zone();
    let today = skolebro_core::domain::time::local_date(tz, session.phone.now());
    draw::devices(&mut session.out, session.texts, &devices, tz, today);
    session.out.quiet(&say!(session.texts, "cli-next-phone"));
    let numbered: Vec<_> =
        devices.iter().zip(1..).map(|(device, number)| json!({ "number": number, "device": device })).collect();
    session.out.set(json!({ "devices": numbered }));
    Ok(Exit::Done)
}
