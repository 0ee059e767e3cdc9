//! The words of `skolebro-server`, and what each of them does. Exit codes: 0 done, 1 refused or failed, 2 wrong words,
//! 3 done but somebody must look.

use crate::{
    http::HttpLimits,
    logs::{self, Level, LogForm},
    operate::{
        alone::{Alone, holds_a_store, must_hold_a_store},
        answer::{Answer, Exit, Letters, Progress, Trouble},
        codes_written, letters,
        order::Order,
        socket,
    },
    serve::{self, ServeError, ServeOptions, Server},
    store::sqlite,
};
use chrono::{DateTime, Utc};
use clap::{Args, CommandFactory, Parser, Subcommand, error::ErrorKind};
use clap_complete::Shell;
use indicatif::{ProgressBar, ProgressStyle};
use skolebro_core::clock::{Clock, MovedClock, SystemClock};
use std::{
    io::{self, Write},
    net::SocketAddr,
    num::NonZeroU32,
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
    time::Duration,
};

/// The school's server, and what its operator does.
#[derive(Debug, Parser)]
#[command(name = "skolebro-server", version)]
struct CommandLine {
    /// The folder that holds everything. One server at a time has it; other commands reach that server through it.
    #[arg(long, global = true, value_name = "DIR", default_value = "./skolebro-data")]
    data: PathBuf,
    /// The folder of the code key, where it is not DATA/keys.
    #[arg(long, global = true, value_name = "DIR")]
    keys: Option<PathBuf>,
    /// Answers as JSON, for scripts.
    #[arg(long, global = true)]
    json: bool,
    /// The form of logs; lines in a terminal and JSON elsewhere, unless it is given.
    #[arg(long, global = true, value_name = "FORM")]
    log: Option<LogForm>,
    /// error, warn, info, debug, or one of them for a part: skolebro_server::http=debug.
    #[arg(long, global = true, value_name = "LEVEL", default_value = "info")]
    log_level: String,
    /// Begin at this instant instead of now. For trying things out.
    #[arg(long, global = true, value_name = "INSTANT", hide = true)]
    test_clock: Option<DateTime<Utc>>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve phones until told to stop.
    Serve(Serve),
    #[command(flatten)]
    Order(Order),
    /// Make an empty data folder, to import a roster into while the server runs. `import` alone does without.
    Init,
    /// Make a data folder out of a backup, under a new epoch. No server may run on it.
    Restore {
        #[arg(value_name = "DIR")]
        backup: PathBuf,
    },
    /// Make another key for activation codes, where the old one is lost. Every code that nobody has used is dead from then
    /// on: make new letters. No server may run on the folder.
    NewKey,
    /// Print completions for a shell.
    Completions { shell: Shell },
}

#[derive(Debug, Args)]
struct Serve {
    /// Put a reverse proxy with TLS in front of it; port 0 takes a free one.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8460")]
    listen: SocketAddr,
    /// Threads that answer; as many as cores, unless it is given.
    #[arg(long)]
    threads: Option<usize>,
    /// Reverse proxies in front whose X-Forwarded-For is believed.
    #[arg(long, default_value_t = 0)]
    proxies: usize,
    #[command(flatten)]
    limits: Limits,
}

/// Limits that an operator may need to change; docs/operating.md tells when.
#[derive(Debug, Args)]
struct Limits {
    /// Largest body of a request.
    #[arg(long, value_name = "BYTES", default_value_t = HttpLimits::default().body_bytes)]
    most_body_bytes: usize,
    /// Most connections at once.
    #[arg(long, value_name = "COUNT", default_value_t = HttpLimits::default().connections)]
    most_connections: usize,
    /// Most requests answered at once.
    #[arg(long, value_name = "COUNT", default_value_t = HttpLimits::default().in_flight)]
    most_requests: usize,
    /// Most event streams at once.
    #[arg(long, value_name = "COUNT", default_value_t = HttpLimits::default().streams)]
    most_streams: usize,
    /// Longest that a request may take.
    #[arg(long, value_name = "SECONDS", default_value_t = HttpLimits::default().request.as_secs())]
    request_seconds: u64,
    /// Tries to enrol per minute from one address; 0 is any number.
    #[arg(long, value_name = "COUNT", default_value_t = HttpLimits::default().enrol_per_minute.unwrap_or(0))]
    enrol_per_minute: u32,
    /// Requests per minute from one device; 0 is any number.
    #[arg(long, value_name = "COUNT", default_value_t = HttpLimits::default().requests_per_minute.map_or(0, u32::from))]
    requests_per_minute: u32,
    /// Phones that pokes bring back per second at most; 0 does not hold pokes back.
    #[arg(long, value_name = "COUNT", default_value_t = HttpLimits::default().pokes_per_second)]
    pokes_per_second: u32,
}

impl Limits {
    fn http(&self, proxies: usize) -> HttpLimits {
        HttpLimits {
            body_bytes: self.most_body_bytes,
            connections: self.most_connections,
            in_flight: self.most_requests,
            streams: self.most_streams,
            request: Duration::from_secs(self.request_seconds),
            enrol_per_minute: Some(self.enrol_per_minute).filter(|tries| *tries > 0),
            requests_per_minute: NonZeroU32::new(self.requests_per_minute),
            pokes_per_second: self.pokes_per_second,
            proxies,
            ..HttpLimits::default()
        }
    }
}

/// Reads the command line, does what it says, and gives the process's exit code.
pub fn run() -> ExitCode {
    let line = CommandLine::parse();
    // An order that runs by itself is read by a person, who is not to read logs.
    let quiet = !matches!(line.command, Command::Serve(_)) && line.log_level == "info";
    let level = Level::read(if quiet { "warn" } else { &line.log_level }).unwrap_or_else(|error| {
        CommandLine::command().error(ErrorKind::ValueValidation, format!("--log-level: {error}")).exit()
    });
    let _logs = logs::start(line.log, level);
    let done = match &line.command {
        Command::Serve(wanted) => serve_until_told(&line, wanted).map(|()| Exit::Ok),
        Command::Order(order) => give(&line, order),
        Command::Init => init(&line),
        Command::Restore { backup } => restore(&line, backup),
        Command::NewKey => new_key(&line),
        Command::Completions { shell } => completions(*shell).map(|()| Exit::Ok),
    };
    let exit = done.unwrap_or_else(|trouble| {
        complain(line.json, &trouble);
        trouble.exit
    });
    ExitCode::from(exit.code())
}

fn complain(json: bool, trouble: &Trouble) {
    let text = match serde_json::to_string(trouble) {
        Ok(text) if json => text,
        Ok(_) | Err(_) => format!("skolebro-server: {trouble}"),
    };
    let _ = writeln!(io::stderr(), "{text}");
}

/// What was asked for is done by now: that nobody could be told does not make it undone.
fn say(text: &str) -> Result<(), Trouble> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        // `| head` has seen enough.
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(Trouble {
            exit: Exit::NeedsAttention,
            ..Trouble::refused(format!("it is done, but the answer could not be written: {error}"))
        }),
        Ok(()) | Err(_) => Ok(()),
    }
}

fn completions(shell: Shell) -> Result<(), Trouble> {
    let mut text = Vec::new();
    clap_complete::generate(shell, &mut CommandLine::command(), "skolebro-server", &mut text);
    say(&String::from_utf8_lossy(&text))
}

impl CommandLine {
    fn clock(&self) -> Arc<dyn Clock> {
        match self.test_clock {
            Some(start) => Arc::new(MovedClock::from(start)),
            None => Arc::new(SystemClock::default()),
        }
    }

    fn alone(&self) -> Alone {
        Alone { data: self.data.clone(), keys: self.keys.clone(), clock: self.clock() }
    }
}

impl From<ServeError> for Trouble {
    fn from(error: ServeError) -> Self {
        Trouble::refused(error.to_string())
    }
}

fn serve_until_told(line: &CommandLine, wanted: &Serve) -> Result<(), Trouble> {
    must_hold_a_store(&line.data)?;
    let options = ServeOptions {
        keys: line.keys.clone(),
        listen: wanted.listen,
        limits: wanted.limits.http(wanted.proxies),
        clock: line.clock(),
        ..ServeOptions::on(&line.data)
    };
    let runtime = serve::runtime(wanted.threads).map_err(ServeError::Runtime)?;
    let ended = runtime.block_on(async {
        // Before the store is opened: a stop that comes early is heard too.
        let mut told = Told::listen().map_err(ServeError::Runtime)?;
        let mut server = Server::start(options).await?;
        // A server that cannot say so is ready all the same.
        if let Err(unsaid) = say(&format!("skolebro-server ready on {}\n", server.url())) {
            tracing::warn!(error = unsaid.what, "the ready line could not be written");
        }
        tracing::info!(address = %server.address(), "ready");
        let broken = tokio::select! {
            () = told.once() => false,
            () = server.broken() => true,
        };
        tracing::info!("stopping");
        let drained = tokio::select! {
            drained = server.stop() => drained,
            // Told twice: at once. What was acknowledged is on disk already.
            () = told.once() => false,
        };
        tracing::info!(drained, "stopped");
        match broken {
            false => Ok(()),
            true => Err(Trouble::refused("HTTP was answered no more; start again, and report it".to_owned())),
        }
    });
    // What still holds a thread was given its time above.
    runtime.shutdown_timeout(LAST_BREATH);
    ended
}

/// How long threads that are cut off may hold up the end of the process.
const LAST_BREATH: Duration = Duration::from_secs(1);

/// SIGTERM or SIGINT.
struct Told {
    terminate: tokio::signal::unix::Signal,
    interrupt: tokio::signal::unix::Signal,
}

impl Told {
    fn listen() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self { terminate: signal(SignalKind::terminate())?, interrupt: signal(SignalKind::interrupt())? })
    }

    async fn once(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}

/// To the running server, or by itself where none runs.
fn give(line: &CommandLine, order: &Order) -> Result<Exit, Trouble> {
    let order = settle_paths(order)?;
    if let Order::Codes(wanted) = &order
        && let Some(out) = &wanted.out
    {
        if wanted.server.is_none() {
            return Err(Trouble::usage(
                "letters without the school's address let nobody in; give it with --server https://…",
            ));
        }
        letters::make_room(out)?;
    }
    let bar = Bar::default();
    let mut progress = |made: Progress| bar.show(&made);
    let answer = match socket::ask(&line.data, &order, &mut progress) {
        Some(answer) => answer,
        None => line.alone().carry_out(&order, &mut progress),
    };
    bar.end();
    let answer = answer?;
    if let (Order::Codes(wanted), Answer::Codes(made)) = (&order, &answer)
        && let Some(out) = &wanted.out
        && !made.letters.is_empty()
    {
        letters::write(out, made)?;
        say(&written(line.json, out, made)?)?;
        return Ok(answer.exit());
    }
    say(&shown(line.json, &answer)?)?;
    Ok(answer.exit())
}

fn shown(json: bool, answer: &Answer) -> Result<String, Trouble> {
    if !json {
        return Ok(answer.to_string());
    }
    let mut text = serde_json::to_string_pretty(answer).map_err(|error| Trouble::refused(error.to_string()))?;
    text.push('\n');
    Ok(text)
}

/// The server may have another working folder than the operator.
fn settle_paths(order: &Order) -> Result<Order, Trouble> {
    let mut order = order.clone();
    let absolute = |path: &Path| std::path::absolute(path).map_err(|error| Trouble::usage(error.to_string()));
    match &mut order {
        Order::Backup { dir } => *dir = absolute(dir)?,
        Order::Import(wanted) => wanted.file = absolute(&wanted.file)?,
        Order::Confirm(_)
        | Order::People(_)
        | Order::Codes(_)
        | Order::Block(_)
        | Order::Unblock(_)
        | Order::Assign(_)
        | Order::Find(_)
        | Order::Devices { .. }
        | Order::Revoke { .. }
        | Order::WhoCanRead(_)
        | Order::Tick
        | Order::Clock(_)
        | Order::Rebuild(_)
        | Order::Status => {}
    }
    Ok(order)
}

/// A data folder with no school in it yet.
fn init(line: &CommandLine) -> Result<Exit, Trouble> {
    line.alone().init()?;
    let text = if line.json {
        format!("{}\n", serde_json::json!({ "answer": "made", "data": line.data }))
    } else {
        format!("Made in {}. Import a roster next.\n", line.data.display())
    };
    say(&text)?;
    Ok(Exit::Ok)
}

fn restore(line: &CommandLine, backup: &Path) -> Result<Exit, Trouble> {
    if !holds_a_store(backup) {
        return Err(Trouble::refused(format!("there is no school.db in {}; give a backup's folder", backup.display())));
    }
    if holds_a_store(&line.data) {
        return Err(Trouble::refused(format!(
            "there is a school's data in {} already; restore to a new folder, nothing is overwritten",
            line.data.display()
        )));
    }
    let epoch = sqlite::restore(backup, &line.data)?;
    let key = line.alone().look_for_key().err();
    let text = if line.json {
        let wanted = key.as_ref().map(ToString::to_string);
        format!("{}\n", serde_json::json!({ "answer": "restored", "epoch": epoch, "key": wanted }))
    } else {
        let wanted = key.as_ref().map(|wanted| format!("Before it can serve: {wanted}.\n")).unwrap_or_default();
        format!(
            "Restored to {}. Phones start over and send again what they sent in 30 days.\n{wanted}",
            line.data.display()
        )
    };
    say(&text)?;
    Ok(if key.is_some() { Exit::NeedsAttention } else { Exit::Ok })
}

fn new_key(line: &CommandLine) -> Result<Exit, Trouble> {
    must_hold_a_store(&line.data)?;
    let ended = line.alone().new_key()?;
    let text = if line.json {
        format!("{}\n", serde_json::json!({ "answer": "new_key", "codes_ended": ended }))
    } else {
        format!("A new key. Unused codes that are dead from now on: {ended}. Make new letters with `codes`.\n")
    };
    say(&text)?;
    Ok(Exit::Ok)
}

fn written(json: bool, out: &Path, made: &Letters) -> Result<String, Trouble> {
    if json {
        let text = serde_json::json!({
            "answer": "letters", "letters": made.letters.len(), "until": made.until, "left": made.left, "out": out,
        });
        return Ok(format!("{text}\n"));
    }
    Ok(format!(
        "{}Print {} and hand out by {}; then delete both.\n",
        codes_written(made),
        out.join(letters::LETTERS).display(),
        out.join(letters::LIST).display()
    ))
}

/// A progress bar on standard error, in a terminal only.
#[derive(Default)]
struct Bar(std::cell::OnceCell<ProgressBar>);

impl Bar {
    fn show(&self, made: &Progress) {
        let bar = self.0.get_or_init(|| ProgressBar::new(made.total));
        // Where the end is not known, a count is honest and a bar is not.
        let form = if made.total == 0 { "{spinner} {msg:32} {pos}" } else { "{msg:20} {bar:40} {pos}/{len} {eta}" };
        if let Ok(style) = ProgressStyle::with_template(form) {
            bar.set_style(style);
        }
        bar.set_length(made.total);
        bar.set_message(made.what.clone());
        bar.set_position(made.done);
    }

    fn end(&self) {
        if let Some(bar) = self.0.get() {
            bar.finish_and_clear();
        }
    }
}
