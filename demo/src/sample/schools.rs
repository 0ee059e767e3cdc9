//! Lays out schools and their classes and counts the seats. Must never know of families.

use super::{Country, Group, GroupNo, PersonNo, SampleSpec, School, SchoolNo};
use rand::{RngExt, rngs::StdRng, seq::SliceRandom};
use skolebro_core::domain::people::{GroupKind, SchoolForm};

/// A chair in a class that a pupil will take.
#[derive(Clone, Copy, Debug)]
pub(super) struct Seat {
    pub school: SchoolNo,
    pub class: GroupNo,
    pub grade: u8,
    pub club: Option<GroupNo>,
}

pub(super) struct Layout {
    pub schools: Vec<School>,
    pub groups: Vec<Group>,
    /// Free seats by school, shuffled.
    pub seats: Vec<Vec<Seat>>,
}

/// Pupils per class.
const CLASS: u32 = 25;
/// Pupils per school that new schools are opened for.
const SCHOOL: u32 = 500;

/// Three schools up to 1,500 pupils, one of them upper secondary (3 of a child's 13 school years), then more.
pub(super) fn lay_out(spec: &SampleSpec, rng: &mut StdRng) -> Layout {
    let count = (spec.pupils.div_ceil(SCHOOL)).max(3);
    let upper = (count * 3 / 13).max(1);
    let upper_pupils = spec.pupils * 3 / 13;
    let sizes = [split(spec.pupils - upper_pupils, count - upper, rng), split(upper_pupils, upper, rng)].concat();

    let mut layout = Layout { schools: Vec::new(), groups: Vec::new(), seats: Vec::new() };
    for (index, size) in sizes.into_iter().enumerate() {
        let is_upper = index as u32 >= count - upper;
        let number = if is_upper { index - (count - upper) as usize } else { index };
        let no = SchoolNo(index as u32);
        layout.schools.push(School {
            no,
            name: spec.country.school_name(number, is_upper),
            phone: spec.country.office_phone(no.0),
            form: if is_upper { SchoolForm::UpperSecondary } else { SchoolForm::Compulsory },
        });
        let mut seats = open_classes(spec.country, no, is_upper, size, &mut layout.groups);
        if !is_upper {
            open_club(spec.country, no, &mut layout.groups, &mut seats, rng);
        }
        seats.shuffle(rng);
        layout.seats.push(seats);
    }
    layout
}

/// Uneven parts that add up to `total`.
fn split(total: u32, parts: u32, rng: &mut StdRng) -> Vec<u32> {
    let weights: Vec<u64> = (0..parts).map(|_| rng.random_range(85..=115)).collect();
    let sum: u64 = weights.iter().sum();
    let mut sizes: Vec<u32> = weights.iter().map(|weight| (u64::from(total) * weight / sum) as u32).collect();
    let rest = total - sizes.iter().sum::<u32>();
    for size in sizes.iter_mut().take(rest as usize) {
        *size += 1;
    }
    sizes
}

fn open_classes(country: Country, school: SchoolNo, upper: bool, size: u32, groups: &mut Vec<Group>) -> Vec<Seat> {
    let (low, high) = if upper { country.upper_secondary_grades() } else { country.compulsory_grades() };
    let years = u32::from(high - low + 1);
    let count = ((size + CLASS / 2) / CLASS).max(1);
    let mut seats = Vec::with_capacity(size as usize);
    for class in 0..count {
        let pupils = size / count + u32::from(class < size % count);
        // In a small school neighbouring years share a class; in a large one a year has parallel classes.
        let (first, last, parallel) = if count < years {
            (class * years / count, (class + 1) * years / count - 1, None)
        } else {
            let (year, nth) = year_of(class, count, years);
            (year, year, Some(nth))
        };
        let grades = (low + first as u8, low + last as u8);
        let no = GroupNo(groups.len() as u32);
        groups.push(Group {
            no,
            school,
            name: class_name(country, upper, grades, parallel),
            kind: GroupKind::Class,
            form: match (upper, grades) {
                (true, _) => SchoolForm::UpperSecondary,
                (false, (0, 0)) => SchoolForm::PreschoolClass,
                (false, _) => SchoolForm::Compulsory,
            },
            grades,
            lead: PersonNo(0),
            second: PersonNo(0),
        });
        let span = u32::from(grades.1 - grades.0 + 1);
        seats.extend((0..pupils).map(|pupil| Seat {
            school,
            class: no,
            grade: grades.0 + (pupil % span) as u8,
            club: None,
        }));
    }
    seats
}

/// Which year the nth of `count` classes is in, and which of the year's classes it is. The first years get the odd ones.
fn year_of(class: u32, count: u32, years: u32) -> (u32, u32) {
    let (each, odd) = (count / years, count % years);
    let wide = odd * (each + 1);
    if class < wide {
        (class / (each + 1), class % (each + 1))
    } else {
        (odd + (class - wide) / each, (class - wide) % each)
    }
}

fn class_name(country: Country, upper: bool, (low, high): (u8, u8), parallel: Option<u32>) -> String {
    let base = if upper { country.upper_secondary_grades().0 - 1 } else { 0 };
    let year = |grade: u8| match (country, grade - base) {
        (Country::Sweden | Country::Norway, 0) => "F".to_owned(),
        (Country::Denmark, 0) => "0".to_owned(),
        (Country::Sweden | Country::Denmark | Country::Norway, grade) => grade.to_string(),
    };
    let Some(parallel) = parallel else {
        return if low == high { year(low) } else { format!("{}-{}", year(low), year(high)) };
    };
    // The years of one programme keep their letters: NA1, NA2, NA3; 1x, 2x, 3x.
    let words: &[&str] = match (country, upper) {
        (Country::Sweden, true) => &["NA", "SA", "EK", "TE", "BF", "EE", "VO", "ES"],
        (Country::Denmark, true) => &["x", "y", "z", "a", "b", "c", "d", "e"],
        (Country::Norway, true) => &["STA", "STB", "STC", "HSA", "HSB", "ELA", "IDA", "MKA"],
        (Country::Sweden | Country::Denmark | Country::Norway, false) => &["A", "B", "C", "D", "E", "F", "G", "H"],
    };
    let word = words[parallel as usize % words.len()];
    let again = match parallel as usize / words.len() {
        0 => String::new(),
        round => (round + 1).to_string(),
    };
    match (country, upper) {
        (Country::Sweden, true) => format!("{word}{}{again}", year(low)),
        (Country::Sweden | Country::Denmark | Country::Norway, _) => format!("{}{word}{again}", year(low)),
    }
}

/// One club for the youngest years; about three in four of them go there.
fn open_club(country: Country, school: SchoolNo, groups: &mut Vec<Group>, seats: &mut [Seat], rng: &mut StdRng) {
    let no = GroupNo(groups.len() as u32);
    let grades = country.club_grades();
    groups.push(Group {
        no,
        school,
        name: country.club_name().to_owned(),
        kind: GroupKind::Club,
        form: SchoolForm::AfterSchool,
        grades,
        lead: PersonNo(0),
        second: PersonNo(0),
    });
    for seat in seats.iter_mut().filter(|seat| (grades.0..=grades.1).contains(&seat.grade)) {
        if rng.random_bool(0.75) {
            seat.club = Some(no);
        }
    }
}
