//! What no client and no full disk may do: stop the server, hold it up, or fill it.

use crate::town::{Town, outcomes, problem, sick};
use serde_json::json;
use skolebro_server::{http::HttpLimits, operate::socket};
use std::{
    fs::{self, OpenOptions},
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    path::Path,
    process::{Child, Command, Stdio},
};

/// A server of its own process, on the town's folder.
struct Process {
    child: Child,
    url: String,
}

impl Process {
    fn start(data: &Path, words: &[&str], errors: Stdio) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_skolebro-server"));
        command.args(["--data", data.to_str().unwrap(), "--test-clock", "2026-11-23T05:50:00Z"]).args(words);
        command.args(["serve", "--listen", "127.0.0.1:0"]);
        Self::of(command, errors)
    }

    fn of(mut command: Command, errors: Stdio) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(errors).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let url = line.trim().strip_prefix("skolebro-server ready on ").unwrap_or_else(|| panic!("{line}")).to_owned();
        Self { child, url }
    }

    fn metric(&self, name: &str) -> u64 {
        let metrics = reqwest::blocking::get(format!("{}/metrics", self.url)).unwrap().text().unwrap();
        let line = metrics.lines().find(|line| line.starts_with(name)).unwrap_or_else(|| panic!("{metrics}"));
        line.split(' ').next_back().unwrap().parse().unwrap()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

#[test]
#[cfg(target_os = "linux")]
fn a_log_that_cannot_be_written_is_lost_and_counted_and_amals_report_arrives() {
    let town = Town::open();
    let amal = town.enrol("Amal");
    let Town { running, folder, clock: _ } = town;
    assert!(running.stop());
    let full = || OpenOptions::new().write(true).open("/dev/full").unwrap();
    let (read, closed) = std::io::pipe().unwrap();
    drop(read);
    // The reader of this one is there and sleeps: a full pipe is waited for by whoever writes to it.
    let (asleep, filled) = std::io::pipe().unwrap();
    for errors in [Stdio::from(full()), Stdio::from(closed), Stdio::from(filled)] {
        let server = Process::start(folder.path(), &["--log-level", "trace"], errors);
        for _ in 0..30 {
            assert_eq!(reqwest::blocking::get(format!("{}/v1/health", server.url)).unwrap().status(), 200);
        }
        assert_eq!(outcomes(amal.at(&server.url).sync(0, &[sick("Liv")])).len(), 1);
        while server.metric("skolebro_log_lines_lost_total") == 0 {
            reqwest::blocking::get(format!("{}/v1/nothing", server.url)).unwrap();
        }
    }
    drop(asleep);
}

#[test]
#[cfg(target_os = "linux")]
fn whoever_reads_no_further_ends_no_order_with_a_panic() {
    let town = Town::open();
    for words in [&["completions", "bash"][..], &["status"], &["--help"]] {
        let (read, closed) = std::io::pipe().unwrap();
        drop(read);
        let run = |out: Stdio| {
            let mut command = Command::new(env!("CARGO_BIN_EXE_skolebro-server"));
            command.args(["--data", town.folder.path().to_str().unwrap()]).args(words);
            command.stdout(out).output().unwrap()
        };
        let seen_enough = run(Stdio::from(closed));
        assert_eq!(seen_enough.status.code(), Some(0), "{words:?}: {seen_enough:?}");
        let full = run(Stdio::from(OpenOptions::new().write(true).open("/dev/full").unwrap()));
        // What was asked for is done; only nobody could be told.
        assert!(matches!(full.status.code(), Some(0 | 3)), "{words:?}: {full:?}");
    }
}

#[test]
fn a_body_in_pieces_hears_that_it_is_too_large_when_all_of_it_is_written() {
    let town = Town::open();
    let amal = town.enrol("Amal");
    let mut phone = TcpStream::connect(town.running.server().address()).unwrap();
    let head = "POST /v1/sync HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n";
    write!(phone, "{head}authorization: Bearer {}\r\n\r\n", amal.token).unwrap();
    let piece = vec![b' '; 64 << 10];
    // Three times the limit.
    for _ in 0..48 {
        write!(phone, "{:x}\r\n", piece.len()).unwrap();
        phone.write_all(&piece).unwrap();
        phone.write_all(b"\r\n").unwrap();
    }
    phone.write_all(b"0\r\n\r\n").unwrap();
    let mut answer = [0; 12];
    phone.read_exact(&mut answer).unwrap();
    assert_eq!(&answer, b"HTTP/1.1 413");
}

#[test]
fn a_request_says_once_and_readably_whom_it_is_for() {
    let town = Town::open();
    let ask = |head: &str| {
        let mut client = TcpStream::connect(town.running.server().address()).unwrap();
        write!(client, "GET /v1/health {head}connection: close\r\n\r\n").unwrap();
        let mut answer = String::new();
        client.read_to_string(&mut answer).unwrap();
        answer.split(' ').nth(1).unwrap().to_owned()
    };
    for right in ["HTTP/1.1\r\nhost: skola.example.se\r\n", "HTTP/1.1\r\nHOST: [::1]:8460\r\n", "HTTP/1.0\r\n"] {
        assert_eq!(ask(right), "200", "{right}");
    }
    for wrong in [
        "HTTP/1.1\r\n",
        "HTTP/1.1\r\nhost: a\r\nhost: a\r\n",
        "HTTP/1.1\r\nhost: a\r\nhost: b\r\n",
        "HTTP/1.1\r\nhost: a b\r\n",
        "HTTP/1.1\r\nhost: a@b\r\n",
    ] {
        assert_eq!(ask(wrong), "400", "{wrong}");
    }
}

#[test]
fn no_answer_about_anybody_is_kept_on_the_way() {
    let town = Town::open();
    let amal = town.enrol("Amal");
    for (method, path) in [
        ("GET", "/v1/devices"),
        ("POST", "/v1/sync"),
        ("GET", "/v1/events"),
        ("DELETE", "/v1/devices/x"),
        ("POST", "/v1/enrol"),
        ("GET", "/v1/ready"),
        ("GET", "/metrics"),
        ("GET", "/v1/nothing"),
    ] {
        for request in [
            amal.ask(method, path),
            reqwest::blocking::Client::new().request(method.parse().unwrap(), format!("{}{path}", town.url())),
        ] {
            let answer = request.send().unwrap();
            assert_eq!(
                answer.headers().get_all("cache-control").iter().collect::<Vec<_>>(),
                ["no-store"],
                "{method} {path}"
            );
        }
    }
}

#[test]
#[cfg(unix)]
fn what_others_left_open_is_closed_to_all_but_the_owner() {
    use std::os::unix::fs::PermissionsExt;
    let town = Town::open();
    let Town { running, folder, clock } = town;
    assert!(running.stop());
    let (run, keys) = (folder.path().join("run"), folder.path().join("keys"));
    let open = |path: &Path| fs::set_permissions(path, fs::Permissions::from_mode(0o777)).unwrap();
    [folder.path(), &run, &keys, &folder.path().join("school.db")].into_iter().for_each(open);
    let running = crate::town::start(&folder, Default::default(), &clock);
    for path in [folder.path(), &run, &keys, &folder.path().join("school.db")] {
        assert_eq!(fs::metadata(path).unwrap().permissions().mode() & 0o077, 0, "{}", path.display());
    }
    assert!(running.stop());
    // A folder with other things in it is not ours to close; the key in it is.
    let etc = tempfile::tempdir().unwrap();
    fs::write(etc.path().join("passwd"), "").unwrap();
    fs::copy(keys.join("codes.key"), etc.path().join("codes.key")).unwrap();
    [etc.path(), &etc.path().join("codes.key")].into_iter().for_each(open);
    let options = skolebro_server::serve::ServeOptions {
        keys: Some(etc.path().to_owned()),
        ..skolebro_server::serve::ServeOptions::on(folder.path())
    };
    let running = skolebro_server::serve::Running::start(options).unwrap();
    assert_eq!(fs::metadata(etc.path()).unwrap().permissions().mode() & 0o777, 0o777);
    assert_eq!(fs::metadata(etc.path().join("codes.key")).unwrap().permissions().mode() & 0o777, 0o600);
    assert!(running.stop());
}

#[test]
#[cfg(target_os = "linux")]
fn a_lock_file_that_is_removed_renamed_or_copied_lets_no_second_server_in() {
    let town = Town::open();
    let data = town.folder.path();
    let second = |data: &Path| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_skolebro-server"));
        command.args(["--data", data.to_str().unwrap(), "serve", "--listen", "127.0.0.1:0"]);
        let refused = command.output().unwrap();
        assert_eq!(refused.status.code(), Some(1), "{refused:?}");
        let told = String::from_utf8(refused.stderr).unwrap();
        assert!(told.contains("in use by another"), "{told}");
    };
    second(data);
    fs::rename(data.join("school.lock"), data.join("school.lock.old")).unwrap();
    second(data);
    fs::copy(data.join("school.lock.old"), data.join("school.lock")).unwrap();
    second(data);
    fs::remove_file(data.join("school.lock")).unwrap();
    second(data);
    // The database itself, seen from another folder.
    let other = tempfile::tempdir_in(data.parent().unwrap()).unwrap();
    fs::hard_link(data.join("school.db"), other.path().join("school.db")).unwrap();
    second(other.path());
    let amal = town.enrol("Amal");
    assert_eq!(outcomes(amal.sync(0, &[sick("Liv")])).len(), 1);
    assert!(town.running.stop());
}

#[test]
#[cfg(target_os = "linux")]
fn with_few_files_idle_connections_keep_neither_a_phone_nor_the_watch_nor_the_operator_out() {
    let town = Town::open();
    let amal = town.enrol("Amal");
    let Town { running, folder, clock: _ } = town;
    assert!(running.stop());
    let data = folder.path();
    let program = env!("CARGO_BIN_EXE_skolebro-server");
    let words = "--test-clock 2026-11-23T05:50:00Z serve --listen 127.0.0.1:0";
    let mut command = Command::new("sh");
    // The soft limit is lower still: the server raises it itself.
    command
        .args(["-c", &format!("ulimit -H -n 128; ulimit -S -n 64; exec {program} --data {} {words}", data.display())]);
    let server = Process::of(command, Stdio::null());
    let address = server.url.strip_prefix("http://").unwrap();
    let mut idle: Vec<TcpStream> = (0..300).map(|_| TcpStream::connect(address).unwrap()).collect();
    // Half of them have begun to say something.
    idle.iter_mut().step_by(2).for_each(|peer| drop(peer.write_all(b"GET /v1/he")));
    let client = reqwest::blocking::Client::builder().timeout(std::time::Duration::from_secs(60)).build().unwrap();
    for path in ["/v1/health", "/v1/ready", "/metrics"] {
        assert_eq!(client.get(format!("{}{path}", server.url)).send().unwrap().status(), 200, "{path}");
    }
    assert_eq!(outcomes(amal.at(&server.url).sync(0, &[sick("Liv")])).len(), 1);
    crate::town::order(data, &["status"]).unwrap();
    crate::town::order(data, &["backup", data.join("copy").to_str().unwrap()]).unwrap();
}

#[test]
fn where_every_connection_is_busy_there_is_still_a_way_to_ask_how_the_server_is() {
    let limits = HttpLimits { connections: 2, ..HttpLimits::default() };
    let town = Town::with(limits);
    let amal = town.enrol("Amal");
    let erik = town.enrol("Erik");
    let _streams = [amal.ask("GET", "/v1/events").send().unwrap(), erik.ask("GET", "/v1/events").send().unwrap()];
    let fresh = |path: &str| reqwest::blocking::get(format!("{}{path}", town.url())).unwrap();
    assert_eq!(fresh("/v1/health").status(), 200);
    assert_eq!(fresh("/v1/ready").status(), 200);
    let told = reqwest::blocking::Client::new().get(format!("{}/v1/devices", town.url())).bearer_auth(&amal.token);
    assert_eq!(problem(told.send().unwrap()), (503, "unavailable".to_owned()));
}

#[test]
fn one_phone_with_many_slow_requests_leaves_the_places_of_the_others_free() {
    let town = Town::with(HttpLimits { in_flight: 8, in_flight_of_one: 2, ..HttpLimits::default() });
    let (amal, erik) = (town.enrol("Amal"), town.enrol("Erik"));
    let slow: Vec<TcpStream> = (0..20)
        .map(|_| {
            let mut slow = TcpStream::connect(town.running.server().address()).unwrap();
            let head = "POST /v1/sync HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n";
            write!(slow, "{head}authorization: Bearer {}\r\n\r\n{{", amal.token).unwrap();
            slow
        })
        .collect();
    while problem_of(amal.ask("GET", "/v1/devices").send().unwrap()) != Some((429, "too_many_tries".to_owned())) {}
    assert_eq!(outcomes(erik.sync(0, &[sick("Liv")])).len(), 1);
    drop(slow);
    while amal.ask("GET", "/v1/devices").send().unwrap().status() != 200 {}
}

fn problem_of(answer: reqwest::blocking::Response) -> Option<(u16, String)> {
    (!answer.status().is_success()).then(|| problem(answer))
}

#[test]
fn an_operator_is_told_that_a_server_gives_no_sign_of_life() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("run")).unwrap();
    // It is there, takes what is said, and is stuck.
    let stuck = std::os::unix::net::UnixListener::bind(socket::path(folder.path())).unwrap();
    let ask = || {
        let order = crate::town::parse(&["status"]);
        let patience = std::time::Duration::from_millis(200);
        socket::ask_within(patience, folder.path(), &order, &mut |_| ()).expect("a server is there").unwrap_err()
    };
    assert!(ask().what.contains("no sign of life for 0.2 seconds"), "{}", ask().what);
    drop(stuck);
    let order = crate::town::parse(&["status"]);
    assert!(socket::ask(folder.path(), &order, &mut |_| ()).is_none(), "nobody is there");
}

#[test]
fn a_phone_revoked_while_its_body_is_on_the_way_reports_nothing() {
    let town = Town::open();
    let (lost, kept) = (town.enrol("Amal"), town.enrol("Amal"));
    let body = json!({ "protocol": 1, "school": crate::town::school(), "commands": [sick("Liv")] }).to_string();
    let mut slow = TcpStream::connect(town.running.server().address()).unwrap();
    let head = "POST /v1/sync HTTP/1.1\r\nhost: x\r\nexpect: 100-continue\r\n";
    write!(slow, "{head}authorization: Bearer {}\r\ncontent-length: {}\r\n\r\n", lost.token, body.len()).unwrap();
    // The server asks for the body when it has looked at the token.
    let mut go_on = [0; 25];
    slow.read_exact(&mut go_on).unwrap();
    assert_eq!(&go_on, b"HTTP/1.1 100 Continue\r\n\r\n");
    let answer = kept.ask("DELETE", &format!("/v1/devices/{}", lost.device)).send().unwrap();
    assert_eq!(answer.status(), 204);
    slow.write_all(body.as_bytes()).unwrap();
    let mut answer = [0; 12];
    slow.read_exact(&mut answer).unwrap();
    assert_eq!(&answer, b"HTTP/1.1 401");
    let (_, rows) = kept.pull();
    assert!(!rows.iter().any(|row| row["kind"] == json!("attendance")), "{rows:?}");
}

/// Cut off, replaced, removed: what is in memory still answers, and must not be taken for the school's data.
#[test]
#[cfg(unix)]
fn a_database_that_is_not_whole_is_not_ready() {
    type Harm = fn(&Path);
    let cut: Harm = |data| {
        let file = OpenOptions::new().write(true).open(data.join("school.db")).unwrap();
        file.set_len(file.metadata().unwrap().len() / 2).unwrap();
        // Closing it would let go of the locks of the server, which is in this process.
        std::mem::forget(file);
    };
    let emptied: Harm = |data| {
        let file = OpenOptions::new().write(true).open(data.join("school.db")).unwrap();
        file.set_len(0).unwrap();
        std::mem::forget(file);
    };
    let removed: Harm = |data| fs::remove_file(data.join("school.db")).unwrap();
    let replaced: Harm = |data| {
        fs::copy(data.join("school.db"), data.join("copy.db")).unwrap();
        fs::rename(data.join("copy.db"), data.join("school.db")).unwrap();
    };
    let without_log: Harm = |data| fs::remove_file(data.join("school.db-wal")).unwrap();
    for harm in [cut, emptied, removed, replaced, without_log] {
        let town = Town::open();
        let folder = town.folder.path().to_owned();
        let Town { running, folder: kept, clock } = town;
        assert!(running.stop());
        // What was imported is in the file itself, and not in the log.
        let town = Town { running: crate::town::start(&kept, Default::default(), &clock), folder: kept, clock };
        let ready = || reqwest::blocking::get(format!("{}/v1/ready", town.url())).unwrap();
        assert_eq!(ready().status(), 200);
        harm(&folder);
        assert_eq!(problem(ready()), (503, "unavailable".to_owned()));
        assert_eq!(reqwest::blocking::get(format!("{}/v1/health", town.url())).unwrap().status(), 200);
        // The server is not asked to tidy up what is not there; its process ends with the tests.
        std::mem::forget(town);
    }
}
