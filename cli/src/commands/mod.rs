//! One file for each kind of thing that is typed: words become commands and screens, nothing is decided here.
mod home;
mod mail;
mod people;
mod phone;
mod roll;
mod screens;
mod staff;
mod watch;

use crate::{
    args::{Cli, Command},
    exit::Exit,
    output::Out,
    session::{Session, terminals},
    trouble::Trouble,
};
use clap::CommandFactory;
use skolebro_core::device::Remembered;

/// Runs one command line and shows what it gives.
pub fn run(cli: Cli) -> Exit {
    let (json, color, lang) = (cli.common.json, cli.common.color, cli.common.lang);
    if let Command::Completions { shell } = cli.command {
        let mut script: Vec<u8> = Vec::new();
        clap_complete::generate(shell, &mut Cli::command(), "skolebro", &mut script);
        let mut out = Out::new(false, color);
        out.verbatim(&String::from_utf8_lossy(&script));
        out.finish();
        return Exit::Done;
    }
    // Only these name one.
    let server = if let Command::Enrol(enrol) = &cli.command {
        phone::asked_server(enrol)
    } else if let Command::Online(online) = &cli.command {
        online.server.as_deref().map(|url| url.trim().trim_end_matches('/').to_owned())
    } else {
        None
    };
    let remembered = cli.common.phone.as_deref().map(Remembered::of).unwrap_or_default();
    let mut session = match Session::open(cli.common, server.as_deref()) {
        Ok(session) => session,
        Err(trouble) => {
            let mut out = Out::new(json, color);
            trouble.tell(&mut out, terminals(lang.or(remembered.language)), &remembered.phones(&[]));
            out.finish();
            return trouble.exit();
        }
    };
    let exit = dispatch(&mut session, cli.command).unwrap_or_else(|trouble| {
        let trouble = heed(&session, trouble);
        trouble.tell(&mut session.out, session.texts, &session.phone.offices());
        trouble.exit()
    });
    session.out.finish();
    exit
}

/// Who is asked to sign in again is told why, and so is who asked for somebody where nobody is known.
fn heed(session: &Session, trouble: Trouble) -> Trouble {
    match trouble {
        Trouble::NotSignedIn(None) => Trouble::NotSignedIn(session.phone.who().map(|who| who.standing)),
        Trouble::Nobody(told) => session.why_nobody().unwrap_or(Trouble::Nobody(told)),
        other => other,
    }
}

fn dispatch(session: &mut Session, command: Command) -> Result<Exit, Trouble> {
    match command {
        Command::Enrol(args) => phone::enrol(session, &args),
        Command::Today => screens::today(session),
        Command::Sick(args) => home::sick(session, args),
        Command::Well(args) => home::well(session, &args),
        Command::Extend(args) => home::extend(session, &args),
        Command::Withdraw(args) => home::withdraw(session, &args),
        Command::Roll(args) => roll::roll(session, &args),
        Command::Board(args) => screens::board(session, &args),
        Command::Calls(args) => staff::calls(session, &args),
        Command::Explain(args) => home::explain(session, args),
        Command::Judge(args) => staff::judge(session, args),
        Command::FollowUp(args) => staff::follow_up(session, args),
        Command::Stats(args) => screens::stats(session, &args),
        Command::Inbox(args) => mail::inbox(session, &args),
        Command::Outbox(args) => mail::outbox(session, &args),
        Command::WhoCanRead(args) => screens::who_can_read(session, &args),
        Command::Devices(args) => phone::devices(session, &args),
        Command::Sync => phone::sync(session),
        Command::Offline => phone::offline(session, true),
        Command::Online(args) => phone::online(session, &args),
        Command::Watch(args) => watch::watch(session, &args),
        Command::Confirm(args) => people::confirm(session, &args),
        Command::Block(args) => people::block(session, &args),
        Command::Lift(args) => people::lift(session, &args),
        Command::Code(args) => people::code(session, &args),
        Command::Delegate(args) => people::delegate(session, &args),
        Command::Substitute(args) => people::substitute(session, args),
        Command::Assign(args) => people::assign(session, &args),
        // Needs no phone, and is done before one is opened.
        Command::Completions { .. } => Ok(Exit::Done),
    }
}
