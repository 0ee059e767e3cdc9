//! The log: the idempotency table and the audit trail in one.

use crate::school::*;
use skolebro_core::domain::ids::CommandId;
use skolebro_server::store::{LoggedCommand, Payloads, Store, StoreError, read, write};

pub fn the_log_is_written_once(store: &dyn Store) {
    let line = sick_report(CommandId::new());
    write(store, |writing| writing.log_command(the_school(), &line)).unwrap();
    let found = |school, id| read(store, |reading| reading.command(school, id)).unwrap();
    assert_eq!(found(the_school(), line.id), Some(line.clone()));
    assert_eq!(found(the_school(), CommandId::new()), None);
    // Another school's log is its own: the id says nothing there.
    assert_eq!(found(another_school(), line.id), None);
    write(store, |writing| writing.log_command(another_school(), &line)).unwrap();
    // Written over by nobody, neither with the same words nor with others.
    for second in [line.clone(), LoggedCommand { author: Some(person("Erik")), ..line.clone() }] {
        let refused = write(store, |writing| writing.log_command(the_school(), &second));
        assert!(matches!(refused, Err(StoreError::Backend(_))));
    }
    assert_eq!(found(the_school(), line.id), Some(line));
}

pub fn a_payload_is_erased_and_its_line_stays(store: &dyn Store) {
    let (line, other) = (sick_report(CommandId::new()), sick_report(CommandId::new()));
    write(store, |writing| {
        writing.log_command(the_school(), &line)?;
        writing.log_command(the_school(), &other)
    })
    .unwrap();
    write(store, |writing| {
        writing.erase_payload(the_school(), line.id)?;
        writing.erase_payload(the_school(), CommandId::new())
    })
    .unwrap();
    let found = |id| read(store, |reading| reading.command(the_school(), id)).unwrap();
    assert_eq!(found(line.id), Some(LoggedCommand { payload: None, ..line.clone() }));
    assert_eq!(found(other.id), Some(other));
    // Still the idempotency table.
    assert!(write(store, |writing| writing.log_command(the_school(), &line)).is_err());
}

pub fn old_payloads_are_found_in_order_of_id_and_page_by_page(store: &dyn Store) {
    let mut lines: Vec<_> = (0..4).map(|_| sick_report(CommandId::new())).collect();
    lines.sort_by_key(|line| line.id);
    let before = lines[0].at;
    // The second was settled at that instant, the fourth has told nothing from the first.
    for at in [0, 2, 3] {
        lines[at].at -= chrono::TimeDelta::seconds(1);
    }
    lines[3].payload = None;
    write(store, |writing| lines.iter().try_for_each(|line| writing.log_command(the_school(), line))).unwrap();
    let found = |after, limit| {
        read(store, |reading| reading.payloads_before(the_school(), before, &Payloads::All, after, limit)).unwrap()
    };
    assert_eq!(found(None, 9), [lines[0].id, lines[2].id]);
    assert_eq!(found(None, 1), [lines[0].id]);
    assert_eq!(found(Some(lines[0].id), 9), [lines[2].id]);
    write(store, |writing| writing.erase_payload(the_school(), lines[0].id)).unwrap();
    assert_eq!(found(None, 9), [lines[2].id]);
}

pub fn payloads_of_what_was_refused_and_of_texts_are_found_by_themselves(store: &dyn Store) {
    let plain = sick_report(CommandId::new());
    let rejected =
        LoggedCommand { outcome: r#"{"rejected":{"code":"not_yours"}}"#.into(), ..sick_report(CommandId::new()) };
    let noted = LoggedCommand {
        payload: Some(r#"{"body":{"do":"log_call","note":"febril"}}"#.into()),
        ..sick_report(CommandId::new())
    };
    write(store, |writing| {
        [&plain, &rejected, &noted].into_iter().try_for_each(|line| writing.log_command(the_school(), line))
    })
    .unwrap();
    let before = plain.at + chrono::TimeDelta::seconds(1);
    let found = |which: Payloads| {
        let found = read(store, |reading| reading.payloads_before(the_school(), before, &which, None, 9)).unwrap();
        found.into_iter().collect::<std::collections::BTreeSet<_>>()
    };
    assert_eq!(found(Payloads::All), [plain.id, rejected.id, noted.id].into());
    assert_eq!(found(Payloads::Rejected), [rejected.id].into());
    let texts = |of: &[(&'static str, &'static str)]| found(Payloads::Saying(of.to_vec()));
    assert_eq!(texts(&[("report_absence", "note"), ("log_call", "note")]), [noted.id].into());
    assert!(texts(&[("report_absence", "note"), ("log_call", "reason")]).is_empty());
    assert!(texts(&[]).is_empty());
}

pub fn the_clocks_commands_have_no_author(store: &dyn Store) {
    let id = CommandId::derive(&[&"coming of age", &"Liv"]);
    let line = LoggedCommand { author: None, device: None, payload: None, ..sick_report(id) };
    write(store, |writing| writing.log_command(the_school(), &line)).unwrap();
    assert_eq!(read(store, |reading| reading.command(the_school(), id)).unwrap(), Some(line));
}
