//! What a transaction promises: numbers in order of commit, all or nothing, and readers who see one moment.

use crate::school::*;
use skolebro_core::domain::{ids::CommandId, record::RecordKind, scope::Scope, scope::Topic};
use skolebro_server::store::{Head, Reading, Result, Store, StoreError, StoredRow, Writing, read, write};
use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::mpsc,
    thread,
};

fn head(store: &dyn Store) -> Head {
    read(store, |reading| reading.head(the_school())).unwrap()
}

fn failure() -> StoreError {
    StoreError::Backend("the story wants it so".to_owned())
}

pub fn numbers_have_no_gaps_and_are_locked_until_commit(store: &dyn Store) {
    let (taken, amal_has_one) = mpsc::channel();
    let (go_on, amal_may_go_on) = mpsc::channel::<()>();
    let (erik, amal) = thread::scope(|threads| {
        let amal = threads.spawn(move || {
            write(store, |writing| {
                let number = writing.take_number(the_school())?;
                taken.send(number).unwrap();
                amal_may_go_on.recv().unwrap();
                Ok(number)
            })
        });
        let number = amal_has_one.recv().unwrap();
        assert_eq!(number, 1);
        // Taken, and nobody's until it is committed.
        assert_eq!(head(store).seq, 0);
        let erik = threads.spawn(move || write(store, |writing| writing.take_number(the_school())));
        go_on.send(()).unwrap();
        (erik.join().unwrap().unwrap(), amal.join().unwrap().unwrap())
    });
    assert_eq!((amal, erik), (1, 2));
    // A number that an error gave back is given again.
    let failed: Result<u64> = write(store, |writing| {
        assert_eq!(writing.take_number(the_school())?, 3);
        Err(failure())
    });
    assert!(failed.is_err());
    assert_eq!(write(store, |writing| writing.take_number(the_school())).unwrap(), 3);
}

/// Touches every kind of thing that is written.
fn write_a_bit_of_everything(writing: &mut dyn Writing) -> Result<()> {
    use skolebro_core::domain::{people::Block, roster::Origin};
    use skolebro_server::store::{Assurance, StoredEntry, Subscription};
    let school = the_school();
    let seq = writing.take_number(school)?;
    writing.bump_access_version(school)?;
    writing.put_row(school, &StoredRow { seq, ..attendance("Liv", "2026-09-14") })?;
    let scope = attendance_of("Liv");
    writing.put_subscription(
        school,
        person("Amal"),
        &Subscription { scope, granted: seq, revoked: None, until: None },
    )?;
    let assurance = Assurance { granted: seq, until: at("14T08:00:00"), lapsed: None };
    writing.put_assurance(school, device("Amal's phone"), &assurance)?;
    writing.log_command(school, &sick_report(CommandId::derive(&[&"everything"])))?;
    let block = Block { pupil: person("Liv"), person: person("Erik") };
    writing.put_roster(school, &StoredEntry { entry: block.into(), origin: Origin::Staff })?;
    writing.put_device(&crate::people::phone_of("Amal"))?;
    writing.put_code(&crate::people::code_of("Amal"))?;
    writing.put_meta("last_tick", "2026-09-14T07:00:00Z")
}

fn nothing_is_there(reading: &dyn Reading) -> Result<()> {
    let school = the_school();
    let row = attendance("Liv", "2026-09-14");
    assert_eq!(reading.head(school)?, Head::default());
    assert!(reading.schools()?.is_empty());
    assert_eq!(reading.row(school, &row.scope, row.id)?, None);
    assert!(reading.rows_by_scope(school, &row.scope, 0, u64::MAX, true, 9)?.is_empty());
    assert!(reading.rows_of_day(school, RecordKind::Attendance, day("2026-09-14"))?.is_empty());
    assert!(reading.subscriptions(school, person("Amal"))?.is_empty());
    assert_eq!(reading.assurance(school, device("Amal's phone"))?, None);
    assert_eq!(reading.command(school, CommandId::derive(&[&"everything"]))?, None);
    reading.roster(school, &mut |entry| panic!("{entry:?}"))?;
    assert_eq!(reading.device(device("Amal's phone"))?, None);
    assert_eq!(reading.device_by_token(&crate::people::phone_of("Amal").token_hash)?, None);
    assert_eq!(reading.code("Amal")?, None);
    assert_eq!(reading.meta("last_tick")?, None);
    Ok(())
}

pub fn an_error_leaves_nothing(store: &dyn Store) {
    let failed: Result<()> = write(store, |writing| {
        write_a_bit_of_everything(writing)?;
        Err(failure())
    });
    assert!(matches!(failed, Err(StoreError::Backend(_))));
    read(store, nothing_is_there).unwrap();
    write(store, |writing| nothing_is_there(writing)).unwrap();
}

pub fn a_panic_leaves_nothing_and_the_next_write_works(store: &dyn Store) {
    let panicked = catch_unwind(AssertUnwindSafe(|| {
        let _: Result<()> = write(store, |writing| {
            write_a_bit_of_everything(writing)?;
            panic!("the story wants it so");
        });
    }));
    assert!(panicked.is_err());
    read(store, nothing_is_there).unwrap();
    // Nor does a reader's panic keep its place.
    for _ in 0..8 {
        let panicked = catch_unwind(AssertUnwindSafe(|| {
            let _: Result<()> = read(store, |reading| {
                reading.head(the_school())?;
                panic!("the story wants it so");
            });
        }));
        assert!(panicked.is_err());
    }
    write(store, write_a_bit_of_everything).unwrap();
    assert_eq!(head(store).seq, 1);
}

pub fn a_savepoint_is_undone_alone(store: &dyn Store) {
    write(store, |writing| {
        let school = the_school();
        for (pupil, is_kept) in [("Liv", true), ("Noor", false), ("Otto", true)] {
            writing.savepoint()?;
            let seq = writing.take_number(school)?;
            writing.put_row(school, &StoredRow { seq, ..attendance(pupil, "2026-09-14") })?;
            if is_kept {
                writing.release_savepoint()?;
            } else {
                writing.put_meta("noor", "was here")?;
                writing.rollback_to_savepoint()?;
            }
        }
        // Without an open one, both are errors and nothing happens.
        assert!(writing.release_savepoint().is_err());
        assert!(writing.rollback_to_savepoint().is_err());
        Ok(())
    })
    .unwrap();
    read(store, |reading| {
        let rows = reading.rows_of_day(the_school(), RecordKind::Attendance, day("2026-09-14"))?;
        let mut seen: Vec<_> = rows.iter().map(|row| (row.seq, row.scope)).collect();
        seen.sort();
        assert_eq!(seen, [(1, attendance_of("Liv")), (2, attendance_of("Otto"))]);
        assert_eq!(reading.meta("noor")?, None);
        Ok(())
    })
    .unwrap();
}

pub fn savepoints_within_savepoints(store: &dyn Store) {
    write(store, |writing| {
        writing.put_meta("a", "1")?;
        writing.savepoint()?;
        writing.put_meta("b", "1")?;
        writing.savepoint()?;
        writing.put_meta("a", "2")?;
        writing.put_meta("c", "1")?;
        writing.rollback_to_savepoint()?;
        assert_eq!(writing.meta("a")?.as_deref(), Some("1"));
        assert_eq!(writing.meta("b")?.as_deref(), Some("1"));
        writing.rollback_to_savepoint()?;
        assert_eq!(writing.meta("b")?, None);
        // Left open: committed with the rest.
        writing.savepoint()?;
        writing.put_meta("d", "1")
    })
    .unwrap();
    let metas = read(store, |reading| {
        ["a", "b", "c", "d"].into_iter().map(|key| reading.meta(key)).collect::<Result<Vec<_>>>()
    });
    assert_eq!(metas.unwrap(), [Some("1".to_owned()), None, None, Some("1".to_owned())]);
    // And gone with the rest, when the rest goes.
    let failed: Result<()> = write(store, |writing| {
        writing.savepoint()?;
        writing.put_meta("e", "1")?;
        writing.release_savepoint()?;
        Err(failure())
    });
    assert!(failed.is_err());
    assert_eq!(read(store, |reading| reading.meta("e")).unwrap(), None);
}

pub fn a_write_reads_what_it_wrote(store: &dyn Store) {
    write(store, |writing| {
        write_a_bit_of_everything(writing)?;
        let row = attendance("Liv", "2026-09-14");
        assert_eq!(writing.head(the_school())?, Head { seq: 1, floor: 0, access_version: 1 });
        assert_eq!(writing.row(the_school(), &row.scope, row.id)?, Some(StoredRow { seq: 1, ..row.clone() }));
        assert_eq!(writing.rows_by_scope(the_school(), &row.scope, 0, 1, false, 9)?.len(), 1);
        assert_eq!(writing.schools()?, [the_school()]);
        assert_eq!(writing.subscriptions(the_school(), person("Amal"))?.len(), 1);
        Ok(())
    })
    .unwrap();
}

pub fn a_reader_sees_one_moment(store: &dyn Store) {
    put(store, &attendance("Liv", "2026-09-14"));
    read(store, |reading| {
        let before = reading.head(the_school())?;
        // Erik writes, and is done, while Sanna's phone is still being answered.
        thread::scope(|threads| threads.spawn(|| put(store, &attendance("Liv", "2026-09-15"))).join().unwrap());
        assert_eq!(reading.head(the_school())?, before);
        let mut seen = Vec::new();
        reading.rows_by_sequence(the_school(), 0, u64::MAX, &mut |row| {
            seen.push(row.seq);
            true
        })?;
        assert_eq!(seen, [1]);
        Ok(())
    })
    .unwrap();
    assert_eq!(head(store).seq, 2);
}

pub fn readers_and_a_writer_go_on_together(store: &dyn Store) {
    const EACH: usize = 100;
    let school = the_school();
    thread::scope(|threads| {
        for guardian in ["Amal", "Erik"] {
            threads.spawn(move || {
                for n in 0..EACH {
                    let scope = Scope::own(person(guardian), Topic::Info);
                    put(store, &StoredRow { scope, ..attendance(&format!("{guardian} {n}"), "2026-09-14") });
                }
            });
        }
        for _ in 0..3 {
            threads.spawn(move || {
                loop {
                    // Every row takes one number: at each moment there are as many rows as the head says.
                    let head = read(store, |reading| {
                        let head = reading.head(school)?.seq;
                        let mut numbers = Vec::new();
                        reading.rows_by_sequence(school, 0, u64::MAX, &mut |row| {
                            numbers.push(row.seq);
                            true
                        })?;
                        assert_eq!(numbers, (1..=head).collect::<Vec<_>>());
                        Ok(head)
                    });
                    if head.unwrap() == 2 * EACH as u64 {
                        break;
                    }
                }
            });
        }
    });
}

pub fn schools_keep_to_themselves(store: &dyn Store) {
    let here = put_at(store, the_school(), &attendance("Liv", "2026-09-14"));
    let there = put_at(store, another_school(), &attendance("Noor", "2026-09-14"));
    assert_eq!((here.seq, there.seq), (1, 1));
    read(store, |reading| {
        let mut schools = [the_school(), another_school()];
        schools.sort();
        assert_eq!(reading.schools()?, schools);
        assert_eq!(reading.row(another_school(), &here.scope, here.id)?, None);
        let rows = reading.rows_of_day(another_school(), RecordKind::Attendance, day("2026-09-14"))?;
        assert_eq!(rows, std::slice::from_ref(&there));
        let mut seen = Vec::new();
        reading.rows_by_sequence(the_school(), 0, u64::MAX, &mut |row| {
            seen.push(row);
            true
        })?;
        assert_eq!(seen, std::slice::from_ref(&here));
        Ok(())
    })
    .unwrap();
}

pub fn large_numbers_are_refused_and_never_wrapped(store: &dyn Store) {
    let row = StoredRow { seq: i64::MAX as u64, ..attendance("Liv", "2026-09-14") };
    write(store, |writing| writing.put_row(the_school(), &row)).unwrap();
    let rows = read(store, |reading| reading.rows_by_scope(the_school(), &row.scope, 0, u64::MAX, true, 9)).unwrap();
    assert_eq!(rows, std::slice::from_ref(&row));
    let rows = read(store, |reading| reading.rows_by_scope(the_school(), &row.scope, u64::MAX, u64::MAX, true, 9));
    assert!(rows.unwrap().is_empty());
}
