//! What an operator asks for: the command line's words, and the same words on the local socket.

use chrono::NaiveDate;
use clap::{Args, Subcommand};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use skolebro_core::domain::{
    ids::DeviceId,
    people::{GuardianshipKind, Language, Role},
    scope::{Scope, Topic},
};
use std::path::PathBuf;

#[derive(Clone, Debug, Subcommand, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum Order {
    /// Read a roster bundle: who goes to, works at and belongs to a school. docs/import.md tells the formats.
    Import(Import),
    /// Say what pending adults are, one by one or a whole group.
    Confirm(Confirm),
    /// List what staff must settle: pending adults, unknown birth dates, what ends soon, blocks.
    People(School),
    /// Make one-time activation codes and a printable letter for each person.
    Codes(Codes),
    /// Bar one person from one pupil, whatever an import says.
    Block(Pair),
    /// Lift such a bar.
    Unblock(Pair),
    /// Give somebody a role, or end it with --end.
    Assign(Assign),
    /// Find people, groups and schools by name, with what they are and their ids.
    Find(Find),
    /// List a person's phones.
    Devices {
        /// By name or id.
        #[arg(long, value_name = "PERSON")]
        person: String,
    },
    /// Revoke a phone: it wipes itself at its next contact.
    Revoke {
        /// The phone, where its person has several.
        #[arg(long, value_name = "ID", value_parser = phone, required_unless_present = "person")]
        device: Option<DeviceId>,
        /// Whose it is, by name or id.
        #[arg(long, value_name = "PERSON", conflicts_with = "device")]
        #[serde(default)]
        person: Option<String>,
    },
    /// Say who reads a scope today, and as what.
    WhoCanRead(Readers),
    /// Copy the whole store to an empty folder, consistently and while the server runs. Keys are not copied.
    Backup {
        #[arg(value_name = "DIR")]
        dir: PathBuf,
    },
    /// Do now what the clock would do: notices, ends, retention. Repeating it changes nothing.
    Tick,
    /// Show what time the server goes by, and say that the machine's clock is right where the server doubts it.
    Clock(Clock),
    /// Make cards and rights anew from the roster, as they are to be today. Repeating it changes nothing.
    Rebuild(School),
    /// Show what the server holds and how it is.
    Status,
}

#[derive(Clone, Debug, Args, Serialize, Deserialize)]
pub struct Import {
    /// A zip, a folder, or one of our own files alone.
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// Only read and compare.
    #[arg(long)]
    pub dry_run: bool,
    /// Go on even if a school would lose more than 5 % of what imports gave it.
    #[arg(long)]
    pub allow_ending: bool,
    /// The organiser's stable id, where this server holds several. All ids are derived from it.
    #[arg(long, value_name = "ID")]
    pub organiser: Option<String>,
    /// The organiser that --organiser names is another than those before.
    #[arg(long, requires = "organiser")]
    pub new_organiser: bool,
    /// The organiser's name for people; the id stands in where it is not known.
    #[arg(long, value_name = "NAME")]
    pub organiser_name: Option<String>,
    /// Of new schools of which school.csv says nothing; an IANA name. Remembered for the organiser; Europe/Stockholm
    /// until it is given.
    #[arg(long, value_name = "ZONE")]
    pub time_zone: Option<chrono_tz::Tz>,
    /// Of new schools of which school.csv says nothing: sv, da, nb or en. Remembered for the organiser; sv until it is
    /// given.
    #[arg(long, value_parser = word::<Language>)]
    pub language: Option<Language>,
    /// The exporter writes the last day that counts as endDate, not the first that does not. Remembered for the
    /// organiser until `--end-dates-count=no` is given.
    #[arg(long, value_name = "yes|no", num_args = 0..=1, require_equals = true, default_missing_value = "yes",
          value_parser = clap::builder::BoolishValueParser::new())]
    pub end_dates_count: Option<bool>,
}

#[derive(Clone, Debug, Default, Args, Serialize, Deserialize)]
pub struct Clock {
    /// The day that it is at the school. Where the machine's clock shows that day, the server goes by it from now on.
    #[arg(long, value_name = "DAY", value_parser = day)]
    pub today: Option<NaiveDate>,
}

#[derive(Clone, Debug, Default, Args, Serialize, Deserialize)]
pub struct School {
    /// The school's name or id; needed where there are several.
    #[arg(long)]
    pub school: Option<String>,
}

#[derive(Clone, Debug, Args, Serialize, Deserialize)]
pub struct Confirm {
    /// Every pending adult of this group's pupils.
    #[arg(long, value_name = "NAME", required_unless_present = "person", conflicts_with_all = ["person", "pupil"])]
    pub group: Option<String>,
    /// One adult, for one pupil, each by name or id.
    #[arg(long, value_name = "PERSON", requires = "pupil")]
    pub person: Option<String>,
    #[arg(long, value_name = "PERSON", requires_all = ["person", "kind"])]
    pub pupil: Option<String>,
    /// guardian, specially-appointed-guardian, appointed-representative, carer or parent-without-custody. For a group:
    /// only needed where nothing says yet what an adult is.
    #[arg(long, value_parser = word::<GuardianshipKind>)]
    pub kind: Option<GuardianshipKind>,
    /// Only list what would be confirmed.
    #[arg(long)]
    pub dry_run: bool,
    #[command(flatten)]
    pub school: School,
}

#[derive(Clone, Debug, Args, Serialize, Deserialize)]
pub struct Codes {
    /// The adults at home of this group's pupils.
    #[arg(long, value_name = "NAME", required_unless_present_any = ["staff", "person"], conflicts_with_all = ["staff", "person"])]
    pub group: Option<String>,
    /// Everybody with an assignment today.
    #[arg(long, conflicts_with = "person")]
    pub staff: bool,
    /// One person, by name or id, whatever the relation.
    #[arg(long, value_name = "PERSON")]
    pub person: Option<String>,
    /// Only those who have no phone yet.
    #[arg(long)]
    pub without_phone: bool,
    /// Also for those whose earlier code nobody has used and that is still good; that one is dead then.
    #[arg(long)]
    #[serde(default)]
    pub again: bool,
    /// The address that phones reach the server at; letters cannot do without.
    #[arg(long, value_name = "URL")]
    pub server: Option<String>,
    /// Write letters.html and list.html to this folder, made if need be, instead of printing the codes.
    #[arg(long, value_name = "DIR")]
    #[serde(skip)]
    pub out: Option<PathBuf>,
    #[command(flatten)]
    pub school: School,
}

#[derive(Clone, Debug, Args, Serialize, Deserialize)]
pub struct Find {
    /// Beginnings of words of the name, or an id.
    #[arg(required = true, value_name = "WORD")]
    pub words: Vec<String>,
    /// Lines of a page.
    #[arg(long, value_name = "COUNT", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub limit: u32,
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
    pub page: u32,
    #[command(flatten)]
    pub school: School,
}

#[derive(Clone, Debug, Args, Serialize, Deserialize)]
pub struct Pair {
    /// By name or id.
    #[arg(long, value_name = "PERSON")]
    pub person: String,
    /// By name or id.
    #[arg(long, value_name = "PERSON")]
    pub pupil: String,
    #[command(flatten)]
    pub school: School,
}

#[derive(Clone, Debug, Args, Serialize, Deserialize)]
pub struct Assign {
    /// By name or id.
    #[arg(long, value_name = "PERSON")]
    pub person: String,
    /// contact-teacher, teacher, preschool-staff, after-school-staff, special-educator, pupil-health, office, principal,
    /// deputy-principal or organiser.
    #[arg(long, value_parser = word::<Role>)]
    pub role: Role,
    /// The group that it holds for. Contact teachers, teachers, preschool and after-school staff need one; special educators
    /// and pupil health may have one; the others hold for the whole school.
    #[arg(long, value_name = "NAME")]
    pub group: Option<String>,
    /// First day.
    #[arg(long, value_name = "DAY", value_parser = day)]
    pub from: Option<NaiveDate>,
    /// Last day: it ends at that day's midnight.
    #[arg(long, value_name = "DAY", value_parser = day)]
    pub until: Option<NaiveDate>,
    /// End it instead, now; with --from or --until the period of those days alone.
    #[arg(long)]
    pub end: bool,
    #[command(flatten)]
    pub school: School,
}

#[derive(Clone, Debug, Args, Serialize, Deserialize)]
pub struct Readers {
    /// As it is written everywhere: pupil:ID/attendance/all.
    #[arg(long, required_unless_present = "pupil", conflicts_with = "pupil", value_parser = scope)]
    pub scope: Option<Scope>,
    /// What everybody with a right to it reads about this pupil, by name or id.
    #[arg(long, value_name = "PERSON")]
    pub pupil: Option<String>,
    /// attendance, leave, book, talks, plan, care or info.
    #[arg(long, default_value = "attendance", value_parser = word::<Topic>)]
    pub topic: Topic,
    #[command(flatten)]
    pub school: School,
}

/// A word of one of the domain's enums, as serde writes it; hyphens are as good as underscores.
fn word<T: DeserializeOwned>(text: &str) -> Result<T, String> {
    let word = text.trim().to_ascii_lowercase().replace('-', "_");
    serde_json::from_value(serde_json::Value::String(word))
        .map_err(|_| format!("“{text}” is not one of the known words; --help names them"))
}

fn day(text: &str) -> Result<NaiveDate, String> {
    text.trim().parse().map_err(|_| "a day is written as 2026-08-17".to_owned())
}

fn phone(text: &str) -> Result<DeviceId, String> {
    text.trim()
        .parse()
        .map_err(|_| "that is no phone's id; `devices --person NAME` lists a person's phones with theirs".to_owned())
}

fn scope(text: &str) -> Result<Scope, String> {
    text.parse().map_err(|_| "write a scope as pupil:ID/attendance/all".to_owned())
}
