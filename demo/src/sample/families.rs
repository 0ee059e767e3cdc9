//! Fills the schools: opens them, staffs them, seats the personas, and then draws families until every seat is taken.
//! Must never use any other source of chance than the spec's seed.

use super::{
    Group, Legal, Municipality, Person, PersonNo, Persona, Post, Pupil, Relation, SampleSpec, School, country,
    households::{self, Tie},
    names::{Name, Names},
    personas,
    schools::{self, Seat},
    staff,
};
use chrono::{Datelike, Days, Months, NaiveDate};
use rand::{RngExt, SeedableRng, rngs::StdRng};
use skolebro_core::domain::people::{GuardianshipKind, Language};

/// A municipality while it is being built.
pub(super) struct Town {
    pub spec: SampleSpec,
    pub rng: StdRng,
    pub names: Names,
    pub schools: Vec<School>,
    pub groups: Vec<Group>,
    pub seats: Vec<Vec<Seat>>,
    pub people: Vec<Person>,
    pub pupils: Vec<Pupil>,
    pub posts: Vec<Post>,
    pub relations: Vec<Relation>,
    pub personas: Vec<Persona>,
    households: u32,
}

impl Town {
    pub fn build(spec: SampleSpec) -> Municipality {
        let mut rng = StdRng::seed_from_u64(spec.seed);
        let layout = schools::lay_out(&spec, &mut rng);
        let mut town = Town {
            spec,
            rng,
            names: Names::of(spec.country),
            schools: layout.schools,
            groups: layout.groups,
            seats: layout.seats,
            people: Vec::new(),
            pupils: Vec::new(),
            posts: Vec::new(),
            relations: Vec::new(),
            personas: Vec::new(),
            households: 0,
        };
        staff::employ(&mut town);
        personas::seat(&mut town);
        while let Some(seats) = town.seats_for_a_family() {
            households::draw(&mut town, &seats);
        }
        town.relations.sort_by_key(|relation| (relation.pupil, relation.adult));
        Municipality {
            spec,
            name: spec.country.municipality(),
            schools: town.schools,
            groups: town.groups,
            people: town.people,
            pupils: town.pupils,
            posts: town.posts,
            relations: town.relations,
            personas: town.personas,
        }
    }

    pub fn new_household(&mut self) -> u32 {
        self.households += 1;
        self.households
    }

    pub fn adult(&mut self, name: Name, household: u32, language: Language) -> PersonNo {
        self.push(name, household, language, None)
    }

    pub fn child(&mut self, name: Name, household: u32, seat: Seat, birth_date: Option<NaiveDate>) -> PersonNo {
        let no = self.push(name, household, self.spec.country.language(), birth_date);
        self.pupils.push(Pupil {
            person: no,
            school: seat.school,
            class: seat.class,
            grade: seat.grade,
            club: seat.club,
        });
        no
    }

    fn push(&mut self, name: Name, household: u32, language: Language, birth_date: Option<NaiveDate>) -> PersonNo {
        let no = PersonNo(self.people.len() as u32);
        self.people.push(Person {
            no,
            given_name: name.given,
            family_name: name.family,
            language,
            birth_date,
            protected_identity: false,
            household,
            in_roster: true,
        });
        no
    }

    /// Ties adults to pupils. An adult pupil's former guardians keep access for the school year in three homes of five,
    /// by the pupil's consent.
    pub fn bind(&mut self, pupils: &[PersonNo], ties: &[Tie]) {
        for &pupil in pupils {
            let consents = self.is_adult(pupil) && self.rng.random_bool(0.6);
            for tie in ties {
                let mut legal = tie.legal;
                if let Some(legal @ Legal { kind: GuardianshipKind::Guardian, .. }) = &mut legal
                    && consents
                {
                    legal.consent_until = NaiveDate::from_ymd_opt(self.spec.school_year() + 1, 6, 30);
                }
                self.relations.push(Relation { pupil, adult: tie.adult, roster: tie.roster, legal });
            }
        }
    }

    fn is_adult(&self, pupil: PersonNo) -> bool {
        self.people[pupil.index()]
            .birth_date
            .and_then(|born| born.checked_add_months(Months::new(18 * 12)))
            .is_some_and(|birthday| birthday <= self.spec.today)
    }

    pub fn language_of(&mut self, name: Name) -> Language {
        let asks_for_english = self.rng.random_bool(0.4);
        country::language_of(&self.spec, name, asks_for_english)
    }

    /// A birth date that fits the year, and the brothers and sisters: at least ten months apart, or twins.
    pub fn birth_date(&mut self, grade: u8, siblings: &[(u8, NaiveDate)]) -> NaiveDate {
        if let Some((_, twin)) = siblings.iter().find(|(year, _)| *year == grade) {
            return *twin;
        }
        let new_year = NaiveDate::from_ymd_opt(self.spec.school_year() - self.spec.country.age(grade), 1, 1)
            .unwrap_or(self.spec.today);
        let apart = |born: NaiveDate| siblings.iter().all(|(_, other)| (born - *other).num_days().abs() > 300);
        for _ in 0..50 {
            let born = new_year + Days::new(self.rng.random_range(0..365));
            if apart(born) {
                return born;
            }
        }
        // The same day of another year is always far enough away.
        siblings.first().and_then(|(_, other)| other.with_year(new_year.year())).unwrap_or(new_year)
    }

    /// The free seat whose year is nearest to `grade`, in the school if it has any.
    pub fn seat_near(&mut self, school: usize, grade: u8) -> Seat {
        let school = if self.seats[school].is_empty() { self.fullest(|_| true).unwrap_or(school) } else { school };
        let nearest =
            (0..self.seats[school].len()).min_by_key(|index| self.seats[school][*index].grade.abs_diff(grade));
        self.seats[school].swap_remove(nearest.unwrap_or_default())
    }

    /// One to four seats: mostly in one compulsory school, the eldest at upper secondary, some in another school.
    fn seats_for_a_family(&mut self) -> Option<Vec<Seat>> {
        let children = match self.rng.random_range(0..100) {
            0..44 => 1,
            44..84 => 2,
            84..96 => 3,
            _ => 4,
        };
        let home = self.draw_school(|town, school| !town.is_upper(school)).or_else(|| self.draw_school(|_, _| true))?;
        let mut seats = Vec::with_capacity(children);
        for _ in 0..children {
            let elsewhere = self.rng.random_range(0..100);
            let wished = if elsewhere < 23 {
                self.draw_school(|town, school| town.is_upper(school))
            } else if elsewhere < 29 {
                self.draw_school(|town, school| !town.is_upper(school))
            } else {
                Some(home)
            };
            let school = wished
                .filter(|school| !self.seats[*school].is_empty())
                .or_else(|| (!self.seats[home].is_empty()).then_some(home))
                .or_else(|| self.draw_school(|_, _| true));
            match school.and_then(|school| self.seats[school].pop()) {
                Some(seat) => seats.push(seat),
                None => break,
            }
        }
        (!seats.is_empty()).then_some(seats)
    }

    fn is_upper(&self, school: usize) -> bool {
        self.schools[school].form == skolebro_core::domain::people::SchoolForm::UpperSecondary
    }

    /// A school with free seats, the more of them the likelier.
    fn draw_school(&mut self, fits: impl Fn(&Self, usize) -> bool) -> Option<usize> {
        let free: usize = (0..self.schools.len()).filter(|s| fits(self, *s)).map(|s| self.seats[s].len()).sum();
        if free == 0 {
            return None;
        }
        let mut ticket = self.rng.random_range(0..free as u64) as usize;
        for school in 0..self.schools.len() {
            if !fits(self, school) {
                continue;
            }
            if ticket < self.seats[school].len() {
                return Some(school);
            }
            ticket -= self.seats[school].len();
        }
        None
    }

    fn fullest(&self, fits: impl Fn(usize) -> bool) -> Option<usize> {
        (0..self.schools.len()).filter(|school| fits(*school)).max_by_key(|school| self.seats[*school].len())
    }
}
