//! What differs between the three countries: words, school years, and telephone numbers that ring nobody.
//! Must never give a telephone number that can ring, an organiser that exists, or anything like a personal identity number.

use crate::sample::{SampleSpec, names::Name};
use skolebro_core::domain::{people::Language, rules};

/// Whose schools and names the sample has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Country {
    #[default]
    Sweden,
    Denmark,
    Norway,
}

impl Country {
    pub const ALL: [Country; 3] = [Country::Sweden, Country::Denmark, Country::Norway];

    /// Whose school law its rules follow.
    pub fn law(self) -> rules::Country {
        match self {
            Country::Sweden => rules::Country::Sweden,
            Country::Denmark => rules::Country::Denmark,
            Country::Norway => rules::Country::Norway,
        }
    }

    pub fn language(self) -> Language {
        match self {
            Country::Sweden => Language::Sv,
            Country::Denmark => Language::Da,
            Country::Norway => Language::Nb,
        }
    }

    /// IANA name.
    pub fn time_zone(self) -> &'static str {
        match self {
            Country::Sweden => "Europe/Stockholm",
            Country::Denmark => "Europe/Copenhagen",
            Country::Norway => "Europe/Oslo",
        }
    }

    /// The organiser (huvudman, kommune). No such municipality exists.
    pub fn municipality(self) -> &'static str {
        match self {
            Country::Sweden => "Tallåsa kommun",
            Country::Denmark => "Bøgesund Kommune",
            Country::Norway => "Fjellvåg kommune",
        }
    }

    /// Lowest and highest year of the compulsory school; 0 is the preschool class.
    pub(super) fn compulsory_grades(self) -> (u8, u8) {
        match self {
            Country::Sweden | Country::Denmark => (0, 9),
            Country::Norway => (1, 10),
        }
    }

    /// Years that the after-school club (fritidshem, SFO) takes.
    pub(super) fn club_grades(self) -> (u8, u8) {
        match self {
            Country::Sweden | Country::Denmark => (0, 3),
            Country::Norway => (1, 4),
        }
    }

    pub(super) fn upper_secondary_grades(self) -> (u8, u8) {
        match self {
            Country::Sweden | Country::Denmark => (10, 12),
            Country::Norway => (11, 13),
        }
    }

    /// The age that a pupil turns in the calendar year in which year `grade` starts.
    pub(super) fn age(self, grade: u8) -> i32 {
        match self {
            Country::Sweden | Country::Denmark => 6 + i32::from(grade),
            Country::Norway => 5 + i32::from(grade),
        }
    }

    /// What year 1 … 3 of upper secondary is called, as an extension of OneRoster's words.
    pub(super) fn upper_secondary_code(self, year: u8) -> String {
        match self {
            Country::Sweden => format!("ext:Gy{year}"),
            Country::Denmark => format!("ext:{year}g"),
            Country::Norway => format!("ext:Vg{year}"),
        }
    }

    pub(super) fn club_name(self) -> &'static str {
        match self {
            Country::Sweden => "Fritidshemmet",
            Country::Denmark | Country::Norway => "SFO",
        }
    }

    /// Course title and code of whole-class teaching, of the club, and of upper secondary.
    pub(super) fn course_words(self) -> [&'static str; 3] {
        match self {
            Country::Sweden => ["Grundskola", "Fritidshem", "Gymnasieskola"],
            Country::Denmark => ["Folkeskole", "SFO", "Gymnasium"],
            Country::Norway => ["Grunnskole", "SFO", "Videregående"],
        }
    }

    pub(super) fn year_words(self) -> [&'static str; 3] {
        match self {
            Country::Sweden => ["Läsåret", "Hösttermin", "Vårtermin"],
            Country::Denmark => ["Skoleåret", "Efterår", "Forår"],
            Country::Norway => ["Skoleåret", "Høst", "Vår"],
        }
    }

    /// The name of the nth school of its kind; a long list goes round with a number.
    pub(super) fn school_name(self, number: usize, upper_secondary: bool) -> String {
        let (stems, ending): (&[&str], &str) = match (self, upper_secondary) {
            (Country::Sweden, false) => (
                &["Björk", "Ängs", "Lind", "Sjö", "Åkerby", "Havre", "Norrgårds", "Kvarn", "Älv", "Ek", "Södertorps"],
                "skolan",
            ),
            (Country::Denmark, false) => (
                &[
                    "Bøge",
                    "Engdals",
                    "Åmose",
                    "Søndermark",
                    "Kløver",
                    "Lærke",
                    "Møllebæk",
                    "Strand",
                    "Ege",
                    "Østermark",
                ],
                "skolen",
            ),
            (Country::Norway, false) => (
                &[
                    "Furuli",
                    "Nordåsen",
                    "Bjørkhaug",
                    "Sjøgata",
                    "Østvang",
                    "Lønnebakken",
                    "Kråkenes",
                    "Vårsol",
                    "Elvebredden",
                ],
                " skole",
            ),
            (Country::Sweden, true) => (&["Tallåsa", "Norra", "Källbacks", "Östra"], " gymnasium"),
            (Country::Denmark, true) => (&["Bøgesund", "Nørre", "Kløvermarkens", "Øster"], " Gymnasium"),
            (Country::Norway, true) => (&["Fjellvåg", "Nordre", "Sjøbyen", "Østre"], " videregående skole"),
        };
        let stem = stems[number % stems.len()];
        match number / stems.len() {
            0 => format!("{stem}{ending}"),
            round => format!("{stem}{ending} {}", round + 1),
        }
    }

    /// A street of no town: homes are told apart by it.
    pub(super) fn street(self, number: u32) -> String {
        let streets: [&str; 6] = match self {
            Country::Sweden => ["Sagovägen", "Påhittsgatan", "Gläntstigen", "Dikts väg", "Fabelgränd", "Ängsstigen"],
            Country::Denmark => ["Eventyrvej", "Påfundsgade", "Fabelstræde", "Lysningen", "Digtervænget", "Engstien"],
            Country::Norway => ["Eventyrveien", "Påfunnsgata", "Fabelstien", "Lysningen", "Diktervegen", "Engstien"],
        };
        format!("{} {}", streets[(number % 6) as usize], number / 6 + 1)
    }

    /// A mobile number for fiction.
    ///
    /// - Sweden: 070-174 06 05 … 070-174 06 99, which Post- och telestyrelsen keeps for film and books; 95 numbers, so
    ///   they repeat.
    /// - Denmark and Norway have published no such series that we know of. No eight-digit subscriber number begins with 0
    ///   in either, so `00 …` rings nobody.
    pub(super) fn mobile(self, number: u32) -> String {
        match self {
            Country::Sweden => format!("+46701740{}", 605 + number % 95),
            Country::Denmark => format!("+4500{:06}", number % 1_000_000),
            Country::Norway => format!("+4700{:06}", number % 1_000_000),
        }
    }

    /// A school office's number for fiction: in Sweden 08-465 004 00 … 99 (Post- och telestyrelsen), else as for mobiles.
    pub(super) fn office_phone(self, number: u32) -> String {
        match self {
            Country::Sweden => format!("+468465004{:02}", number % 100),
            Country::Denmark => format!("+450099{:04}", number % 10_000),
            Country::Norway => format!("+470099{:04}", number % 10_000),
        }
    }
}

/// What a person prefers to read: some of those who came lately have asked for English.
pub(super) fn language_of(spec: &SampleSpec, name: Name, asks_for_english: bool) -> Language {
    if name.from_afar && asks_for_english { Language::En } else { spec.country.language() }
}
