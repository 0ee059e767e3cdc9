//! Rows: replaced in place, gone, in both orders, by pupil, day and age; and the floor.

use crate::school::*;
use skolebro_core::domain::{
    record::RecordKind,
    scope::{Circle, Scope, Topic},
};
use skolebro_server::store::{Store, StoredRow, read, write};

fn by_sequence(store: &dyn Store, after: u64, upto: u64, limit: usize) -> Vec<StoredRow> {
    let mut rows = Vec::new();
    store
        .read(&mut |reading| {
            rows.clear();
            reading.rows_by_sequence(the_school(), after, upto, &mut |row| {
                rows.push(row);
                rows.len() < limit
            })
        })
        .unwrap();
    rows
}

fn by_scope(store: &dyn Store, scope: Scope, after: u64, upto: u64, gone: bool, limit: usize) -> Vec<StoredRow> {
    read(store, |reading| reading.rows_by_scope(the_school(), &scope, after, upto, gone, limit)).unwrap()
}

pub fn a_row_is_replaced_in_place_at_its_newest_number(store: &dyn Store) {
    let sick = put(store, &attendance("Liv", "2026-09-14"));
    let other = put(store, &attendance("Noor", "2026-09-14"));
    let well = put(store, &StoredRow { body: Some(r#"{"back":"10:00"}"#.into()), ..sick.clone() });
    assert_eq!((sick.seq, other.seq, well.seq), (1, 2, 3));
    assert_eq!(by_sequence(store, 0, u64::MAX, 9), [other.clone(), well.clone()]);
    assert_eq!(by_scope(store, sick.scope, 0, u64::MAX, true, 9), std::slice::from_ref(&well));
    // A reader with an older head does not see it at all: it comes at its newest number.
    assert_eq!(by_sequence(store, 0, 2, 9), [other]);
    let row = read(store, |reading| reading.row(the_school(), &sick.scope, sick.id)).unwrap();
    assert_eq!(row, Some(well));
}

pub fn a_moved_row_leaves_a_gone_one(store: &dyn Store) {
    let row = put(store, &attendance("Liv", "2026-09-14"));
    let for_staff = Scope::pupil(person("Liv"), Topic::Attendance, Circle::Staff);
    let left = put(store, &gone(&row));
    let moved = put(store, &StoredRow { scope: for_staff, ..row.clone() });
    assert_eq!(by_sequence(store, 0, u64::MAX, 9), [left.clone(), moved.clone()]);
    assert_eq!(by_scope(store, row.scope, 0, u64::MAX, true, 9), [left]);
    assert!(by_scope(store, row.scope, 0, u64::MAX, false, 9).is_empty());
    let on_the_day = |store| {
        read(store, |reading| reading.rows_of_day(the_school(), RecordKind::Attendance, day("2026-09-14"))).unwrap()
    };
    assert_eq!(on_the_day(store), std::slice::from_ref(&moved));
    // Back again: the gone row is a row like any other.
    put(store, &gone(&moved));
    let back = put(store, &row);
    assert_eq!(back.seq, 5);
    assert_eq!(on_the_day(store), [back]);
}

/// Twelve rows of three pupils, of which some are gone.
fn a_busy_morning(store: &dyn Store) -> Vec<StoredRow> {
    let mut rows = Vec::new();
    for on in ["2026-09-14", "2026-09-15", "2026-09-16", "2026-09-17"] {
        for pupil in ["Liv", "Noor", "Otto"] {
            let row = attendance(pupil, on);
            rows.push(put(store, &if rows.len() % 4 == 1 { gone(&row) } else { row }));
        }
    }
    rows
}

pub fn rows_come_by_sequence_in_pages_of_any_size(store: &dyn Store) {
    let rows = a_busy_morning(store);
    for limit in [1, 2, 3, 5, 12, 100] {
        for (from, upto) in [(0, 12), (0, u64::MAX), (3, 9), (11, 12), (12, 12), (9, 3)] {
            let expected: Vec<_> = rows.iter().filter(|row| from < row.seq && row.seq <= upto).cloned().collect();
            let (mut after, mut seen) = (from, Vec::new());
            loop {
                let page = by_sequence(store, after, upto, limit);
                assert!(page.len() <= limit);
                let Some(last) = page.last() else { break };
                after = last.seq;
                seen.extend(page);
            }
            assert_eq!(seen, expected, "pages of {limit} from {from} to {upto}");
        }
    }
}

pub fn rows_come_by_scope_in_pages_of_any_size(store: &dyn Store) {
    let rows = a_busy_morning(store);
    let scope = attendance_of("Liv");
    for with_gone in [true, false] {
        for limit in [1, 2, 3, 100] {
            for (from, upto) in [(0, 12), (0, u64::MAX), (1, 7), (4, 3)] {
                let expected: Vec<_> = rows
                    .iter()
                    .filter(|row| row.scope == scope && from < row.seq && row.seq <= upto)
                    .filter(|row| with_gone || row.body.is_some())
                    .cloned()
                    .collect();
                let (mut after, mut seen) = (from, Vec::new());
                loop {
                    let page = by_scope(store, scope, after, upto, with_gone, limit);
                    assert!(page.len() <= limit);
                    let Some(last) = page.last() else { break };
                    after = last.seq;
                    seen.extend(page);
                }
                assert_eq!(seen, expected, "pages of {limit} from {from} to {upto}, gone ones {with_gone}");
            }
        }
    }
    assert!(by_scope(store, attendance_of("nobody"), 0, u64::MAX, true, 9).is_empty());
    assert!(by_scope(store, scope, 0, u64::MAX, true, 0).is_empty());
}

pub fn rows_are_found_by_pupil_and_day(store: &dyn Store) {
    let rows = a_busy_morning(store);
    let of_liv = |from: &str, to: &str| {
        read(store, |reading| {
            reading.rows_of_pupil(the_school(), RecordKind::Attendance, person("Liv"), day(from), day(to))
        })
        .unwrap()
    };
    let liv: Vec<_> =
        rows.iter().filter(|row| row.pupil == Some(person("Liv")) && row.body.is_some()).cloned().collect();
    assert_eq!(liv.len(), 3);
    assert_eq!(of_liv("2026-09-01", "2026-09-30"), liv);
    assert_eq!(of_liv("2026-09-14", "2026-09-14"), liv[..1]);
    assert!(of_liv("2026-09-18", "2026-09-30").is_empty());
    assert!(of_liv("2026-09-30", "2026-09-01").is_empty());
    // Another kind of the same pupil and day is not mixed in, nor is what has no pupil or no day.
    let note = StoredRow { kind: RecordKind::AttendanceNote, id: record("note"), ..attendance("Liv", "2026-09-14") };
    put(store, &note);
    put(store, &StoredRow { pupil: None, id: record("no pupil"), ..attendance("Liv", "2026-09-14") });
    put(store, &StoredRow { day: None, id: record("no day"), ..attendance("Liv", "2026-09-14") });
    assert_eq!(of_liv("2026-09-14", "2026-09-14"), liv[..1]);
    let on_the_day =
        |on: &str| read(store, |reading| reading.rows_of_day(the_school(), RecordKind::Attendance, day(on))).unwrap();
    let mut expected: Vec<_> =
        rows.iter().filter(|row| row.day == Some(day("2026-09-15")) && row.body.is_some()).map(|row| row.id).collect();
    expected.sort();
    assert_eq!(on_the_day("2026-09-15").iter().map(|row| row.id).collect::<Vec<_>>(), expected);
    assert!(on_the_day("2026-09-14").iter().any(|row| row.id == record("no pupil")));
    // A row that changes its day is found on the new one only.
    put(store, &StoredRow { day: Some(day("2026-10-01")), ..liv[0].clone() });
    assert!(of_liv("2026-09-14", "2026-09-14").is_empty());
    assert_eq!(of_liv("2026-10-01", "2026-10-01").len(), 1);
}

pub fn old_rows_are_found_for_retention(store: &dyn Store) {
    let rows = a_busy_morning(store);
    let behind = |after, on: &str, limit| {
        read(store, |reading| reading.rows_before(the_school(), RecordKind::Attendance, day(on), after, limit)).unwrap()
    };
    let before = |on: &str, limit| behind(None, on, limit);
    let mut expected: Vec<_> =
        rows.iter().filter(|row| row.day < Some(day("2026-09-16")) && row.body.is_some()).cloned().collect();
    expected.sort_by_key(|row| (row.day, row.id));
    assert_eq!(before("2026-09-16", 100), expected);
    for limit in [1, 2, 3] {
        assert_eq!(before("2026-09-16", limit), expected[..limit]);
    }
    for (at, row) in expected.iter().enumerate() {
        let after = row.day.map(|day| (day, row.id, row.scope));
        assert_eq!(behind(after, "2026-09-16", 2), expected[at + 1..].iter().take(2).cloned().collect::<Vec<_>>());
    }
    assert!(before("2026-09-14", 100).is_empty());
    // Days before the year 1970 are days too.
    put(store, &attendance("Liv", "1968-03-01"));
    assert_eq!(before("1970-01-01", 100).len(), 1);
}

pub fn one_number_has_one_row(store: &dyn Store) {
    let liv = put(store, &attendance("Liv", "2026-09-14"));
    let same_number = StoredRow { seq: liv.seq, ..attendance("Noor", "2026-09-14") };
    let failed = write(store, |writing| {
        // PostgreSQL too goes on after a failed statement only by way of the savepoint.
        writing.savepoint()?;
        assert!(writing.put_row(the_school(), &same_number).is_err());
        writing.rollback_to_savepoint()?;
        writing.put_meta("went", "on")
    });
    assert!(failed.is_ok());
    assert_eq!(by_sequence(store, 0, u64::MAX, 9), std::slice::from_ref(&liv));
    // The same row again under its own number is no second row.
    write(store, |writing| writing.put_row(the_school(), &liv)).unwrap();
    assert_eq!(by_sequence(store, 0, u64::MAX, 9), [liv]);
}

pub fn the_floor_rises_in_steps_and_never_past_what_is_kept(store: &dyn Store) {
    let rows = a_busy_morning(store);
    let gone: Vec<_> = rows.iter().filter(|row| row.body.is_none()).map(|row| row.seq).collect();
    assert_eq!(gone, [2, 6, 10]);
    let raise = |floor, limit| {
        write(store, |writing| {
            writing.raise_floor(the_school(), floor, limit)?;
            Ok(writing.head(the_school())?.floor)
        })
        .unwrap()
    };
    let kept = || by_sequence(store, 0, u64::MAX, 99).iter().filter(|row| row.body.is_none()).count();
    assert_eq!((raise(1, 1), kept()), (1, 3));
    // One at a time: the floor stands at what was forgotten last, until there is no more.
    assert_eq!((raise(9, 1), kept()), (2, 2));
    assert_eq!((raise(9, 1), kept()), (9, 1));
    // Never down, and never above the head.
    assert_eq!((raise(4, 9), kept()), (9, 1));
    assert_eq!((raise(10, 0), kept()), (9, 1));
    assert_eq!((raise(1_000, 9), kept()), (12, 0));
    assert_eq!(by_sequence(store, 0, u64::MAX, 99).len(), 9);
    // A school that is not there stays away.
    write(store, |writing| writing.raise_floor(another_school(), 5, 9)).unwrap();
    assert_eq!(read(store, |reading| reading.schools()).unwrap(), [the_school()]);
}

pub fn documents_come_back_byte_for_byte(store: &dyn Store) {
    let long = format!(r#"{{"long":"{}"}}"#, "x".repeat(200_000));
    for body in ["{}", " { \"å\" : \"æøå 🤒 \\u0000\" }\n", &long] {
        let row = put(store, &StoredRow { body: Some(body.into()), ..attendance("Liv", "2026-09-14") });
        let read_back = read(store, |reading| reading.row(the_school(), &row.scope, row.id)).unwrap();
        assert_eq!(read_back, Some(row));
    }
    for kind in RecordKind::ALL {
        let row = put(store, &StoredRow { kind: *kind, id: record(kind.as_str()), ..attendance("Liv", "2026-09-15") });
        let read_back = read(store, |reading| reading.row(the_school(), &row.scope, row.id)).unwrap();
        assert_eq!(read_back, Some(row));
    }
}
