//! Who is what: confirming adults, delegating, assignments.

use crate::days::DayWord;
use clap::{Args, ValueEnum};
use skolebro_core::domain::{
    people::{GuardianshipKind, Role},
    scope::Topic,
};

macro_rules! words {
    ($word:ident => $type:ty { $($variant:ident),+ $(,)? }) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
        pub enum $word { $($variant),+ }
        impl From<$word> for $type {
            fn from(word: $word) -> Self { match word { $($word::$variant => <$type>::$variant),+ } }
        }
    };
}

words!(GuardianshipWord => GuardianshipKind {
    Guardian, SpeciallyAppointedGuardian, AppointedRepresentative, Carer, ParentWithoutCustody,
});
words!(RoleWord => Role {
    ContactTeacher, Teacher, PreschoolStaff, AfterSchoolStaff, SpecialEducator, PupilHealth, Office, Principal,
    DeputyPrincipal, Organiser,
});
words!(TopicWord => Topic { Attendance, Leave, Book, Talks, Plan, Care, Info });

#[derive(Debug, Args)]
pub struct Confirm {
    /// Without a child: everybody who waits to be confirmed.
    #[arg(requires = "adult")]
    pub child: Option<String>,
    pub adult: Option<String>,
    /// What the adult is to the child; needed where nothing says it yet. Custody is never assumed.
    #[arg(long, value_name = "KIND")]
    pub kind: Option<GuardianshipWord>,
    /// Send also where the phone warns.
    #[arg(long)]
    pub anyway: bool,
}

#[derive(Debug, Args)]
pub struct Bar {
    pub child: String,
    /// The adult, by name: of the child's home, or of the staff.
    pub adult: String,
    /// Send also where the phone warns.
    #[arg(long)]
    pub anyway: bool,
}

#[derive(Debug, Args)]
pub struct Code {
    /// Of a child's home, of the staff, or a pupil of age, by name.
    pub person: String,
}

#[derive(Debug, Args)]
pub struct Substitute {
    #[arg(value_name = "GIVEN-NAME")]
    pub given: String,
    #[arg(value_name = "FAMILY-NAME")]
    pub family: String,
    /// The class or other group.
    #[arg(long, value_name = "GROUP")]
    pub group: String,
    /// The last day, until midnight.
    #[arg(long, value_name = "DAY")]
    pub until: DayWord,
    /// The first day; else today.
    #[arg(long, value_name = "DAY")]
    pub from: Option<DayWord>,
    /// Else what suits the group: teacher, preschool staff or after-school staff.
    #[arg(long, value_name = "ROLE")]
    pub role: Option<RoleWord>,
    /// Also where somebody of that name works here already, and where the phone warns.
    #[arg(long)]
    pub anyway: bool,
}

#[derive(Debug, Args)]
pub struct Delegate {
    pub child: Option<String>,
    /// The adult, by name.
    #[arg(long, value_name = "NAME")]
    pub to: String,
    /// Divided by commas.
    #[arg(long, value_name = "TOPICS", value_delimiter = ',', required_unless_present = "end")]
    pub topics: Vec<TopicWord>,
    /// End the delegation instead.
    #[arg(long, conflicts_with_all = ["topics", "from", "until"])]
    pub end: bool,
    /// The first day; else today.
    #[arg(long, value_name = "DAY")]
    pub from: Option<DayWord>,
    /// The last day; else until it is ended.
    #[arg(long, value_name = "DAY")]
    pub until: Option<DayWord>,
    /// Send also where the phone warns.
    #[arg(long)]
    pub anyway: bool,
}

#[derive(Debug, Args)]
pub struct Assign {
    /// The member of staff, by name.
    pub person: String,
    #[arg(long, value_name = "ROLE")]
    pub role: RoleWord,
    /// One group; else the whole school.
    #[arg(long, value_name = "GROUP")]
    pub group: Option<String>,
    /// The first day; else today.
    #[arg(long, value_name = "DAY")]
    pub from: Option<DayWord>,
    /// The last day, until midnight; else without an end.
    #[arg(long, value_name = "DAY")]
    pub until: Option<DayWord>,
    /// End that assignment instead.
    #[arg(long, conflicts_with_all = ["from", "until"])]
    pub end: bool,
    /// Send also where the phone warns.
    #[arg(long)]
    pub anyway: bool,
}
