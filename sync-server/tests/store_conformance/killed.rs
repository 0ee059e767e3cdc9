//! A server that is killed in the middle of writing: what it had acknowledged is there, and nothing is there by half.

use crate::{files::open, school::*};
use skolebro_server::store::{StoredRow, read, write};
use std::{
    env, fs,
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Command, Stdio},
};

const FOLDER: &str = "SKOLEBRO_STORE_TO_BE_KILLED";
/// Rows of one transaction: all or none of them.
const TOGETHER: u64 = 3;

/// Not a story of its own: the process that `acknowledged_writes_survive_a_kill` starts and kills.
#[test]
fn the_process_that_is_killed() {
    let Some(folder) = env::var_os(FOLDER) else { return };
    let store = open(Path::new(&folder), 1);
    loop {
        let seq = write(&store, |writing| {
            let mut seq = 0;
            for _ in 0..TOGETHER {
                seq = writing.take_number(the_school())?;
                let row = attendance(&format!("pupil {}", seq % 50), &format!("2026-09-{:02}", 1 + seq % 30));
                writing.put_row(the_school(), &StoredRow { seq, id: record(seq), ..row })?;
            }
            Ok(seq)
        });
        // The acknowledgement, after the commit.
        println!("acknowledged {}", seq.unwrap());
        std::io::stdout().flush().unwrap();
    }
}

#[test]
fn acknowledged_writes_survive_a_kill() {
    let folder = tempfile::tempdir().unwrap();
    let mut acknowledged = 0;
    for round in 1..=3_u64 {
        let mut child = Command::new(env::current_exe().unwrap())
            .args(["--exact", "killed::the_process_that_is_killed", "--nocapture"])
            .env(FOLDER, folder.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut killed = false;
        // To the end of what it said: an acknowledgement that is still in the pipe counts too.
        for line in BufReader::new(child.stdout.take().unwrap()).lines() {
            let line = line.unwrap();
            // The test harness may have written something before it on the same line.
            let Some((_, seq)) = line.split_once("acknowledged ") else { continue };
            acknowledged = acknowledged.max(seq.parse::<u64>().unwrap_or(0));
            if !killed && acknowledged >= round * 60 {
                child.kill().unwrap();
                killed = true;
            }
        }
        assert!(!child.wait().unwrap().success());
        assert!(killed, "the process ended on its own at {acknowledged}");

        let store = open(folder.path(), 1);
        let (head, numbers) = read(&store, |reading| {
            let mut numbers = Vec::new();
            reading.rows_by_sequence(the_school(), 0, u64::MAX, &mut |row| {
                numbers.push(row.seq);
                true
            })?;
            Ok((reading.head(the_school())?.seq, numbers))
        })
        .unwrap();
        assert!(head >= acknowledged, "{acknowledged} was acknowledged, and the head is {head}");
        assert_eq!(head % TOGETHER, 0);
        assert_eq!(numbers, (1..=head).collect::<Vec<_>>());
        acknowledged = head;
    }
    assert!(fs::exists(folder.path().join("school.db")).unwrap());
}
