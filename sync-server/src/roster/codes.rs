//! Every reason that the import can give, with its stable name and what to do about it.
//!
//! A code is never renamed and never given a second meaning: scripts read them from `--json`, and docs/import.md lists each.

use serde::{Deserialize, Serialize};
use std::fmt;

/// What an issue did to what it is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// The row was used as it stands; somebody should know all the same.
    Note,
    /// One value was left out; the rest of the row was used.
    ValueIgnored,
    /// The row was not used. What is stored about its id stays as it is: neither changed nor ended.
    RowSkipped,
    /// The file was not used, and so ends nothing.
    FileSkipped,
}

macro_rules! codes {
    ($($variant:ident = $text:literal, $effect:ident, $remedy:literal;)+) => {
        /// Why the import says something about a file, a row or a value. The names are stable.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Code {
            $(#[doc = $remedy] #[serde(rename = $text)] $variant,)+
        }

        impl Code {
            pub const ALL: &'static [Code] = &[$(Code::$variant),+];

            /// The name in reports.
            pub fn as_str(self) -> &'static str {
                match self { $(Code::$variant => $text),+ }
            }

            pub fn effect(self) -> Effect {
                match self { $(Code::$variant => Effect::$effect),+ }
            }

            /// What the reader of the report can do.
            pub fn remedy(self) -> &'static str {
                match self { $(Code::$variant => $remedy),+ }
            }
        }
    };
}

codes! {
    // The bundle and its files.
    ManifestMissing = "manifest_missing", Note, "Nothing, if every file holds everything. Otherwise add manifest.csv and say which files are deltas.";
    ManifestUnknown = "manifest_unknown", ValueIgnored, "Check the manifest: only known properties with absent, bulk or delta are read.";
    ManifestDiffers = "manifest_differs", Note, "Mend the manifest or the bundle; nothing is ended because of that file.";
    FileUnknown = "file_unknown", FileSkipped, "Rename the file if it should be read.";
    FileElsewhere = "file_elsewhere", FileSkipped, "Keep all files of a bundle in one folder.";
    FileEmpty = "file_empty", Note, "Check the export: a bulk file with no rows says that nothing is left.";
    HeaderMissing = "header_missing", FileSkipped, "Put the column names in the first line.";
    ColumnMissing = "column_missing", FileSkipped, "Add the column; the file cannot be read without it.";
    ColumnUnknown = "column_unknown", Note, "Rename the column if it should be read.";
    ColumnStops = "column_stops", FileSkipped, "Rename the column as docs/import.md writes it, or take it out; until then nothing of the bundle is applied.";
    ColumnRespelt = "column_respelt", Note, "Nothing; the column was read. Spell it as the standard does when you can.";
    ColumnTwice = "column_twice", Note, "Remove one of the columns; the first was read.";
    HeaderRepeated = "header_repeated", Note, "Nothing; the line was read as column names. It looks as if two files had been put together.";
    LineNoRow = "line_no_row", Note, "Nothing; the line was not read as a row.";
    FileCut = "file_cut", Note, "Export the file again: it breaks off. Nothing was ended because of what it lacks.";
    Delimiter = "delimiter", Note, "Nothing; the file was read. The standard separates by commas.";
    NotUtf8 = "not_utf8", Note, "Export as UTF-8. The lines were read as Windows-1252; check names with å, ä, ö, æ, ø.";
    GarbledText = "garbled_text", Note, "The text was garbled before it came here; export the file again.";
    ZoneUnknown = "zone_unknown", ValueIgnored, "Write an IANA name, for example Europe/Stockholm.";

    // Rows.
    QuoteOpen = "quote_open", RowSkipped, "Close the quotation mark on the line, or double it.";
    RowTooLong = "row_too_long", RowSkipped, "Shorten the line, or raise the limit.";
    RowShort = "row_short", Note, "Check the line: its last columns were read as empty.";
    RowLong = "row_long", RowSkipped, "Put values that hold a comma in quotation marks.";
    RowCut = "row_cut", RowSkipped, "Check the line: cells are missing, and nobody knows which. Write every separator, also of empty cells.";
    IdMissing = "id_missing", RowSkipped, "Give the row its id.";
    NameMissing = "name_missing", RowSkipped, "Give the row its name.";
    NameLong = "name_long", Note, "Shorten the name: its first 100 characters were used.";
    IdPlaceholder = "id_placeholder", Note, "Leave userMasterIdentifier empty where there is none.";
    IdShared = "id_shared", ValueIgnored, "Give each person a userMasterIdentifier of their own, or say same_as in legal.csv.";
    SamePerson = "same_person", Note, "Nothing, if that is right. Otherwise mend userMasterIdentifier; a bar too many is lifted with block = lift.";
    IdChanged = "id_changed", Note, "Nothing, if that is right.";
    IdChangeUnclear = "id_change_unclear", RowSkipped, "Say in legal.csv, in same_as, the person's old id, or nobody if it is somebody else; then import again.";
    IdReused = "id_reused", RowSkipped, "Say in legal.csv, in same_as, the id itself if it is the same person, or nobody if the id has gone to somebody else; then import again.";
    DeltaTooEarly = "delta_too_early", ValueIgnored, "Import a bulk bundle once; from then on a row of a delta replaces what it said before.";
    DuplicateSame = "duplicate_same", Note, "Nothing; the rows say the same.";
    DuplicateMerged = "duplicate_merged", Note, "Nothing; the rows differ in lists only, which were joined.";
    DuplicateNewer = "duplicate_newer", Note, "Remove the older row; the one modified last was used.";
    DuplicateDiffers = "duplicate_differs", RowSkipped, "Decide which row is right and remove the other; neither was used.";
    OrgTwice = "org_twice", RowSkipped, "Decide which row is right and remove the other; the first was used.";
    StatusUnknown = "status_unknown", RowSkipped, "Write active or tobedeleted.";
    StatusInBulk = "status_in_bulk", Note, "Nothing; a bulk row that is to be deleted was read as gone.";

    // Values.
    DateAmbiguous = "date_ambiguous", RowSkipped, "Write the date as YYYY-MM-DD: day and month could be either way round.";
    DateUnreadable = "date_unreadable", RowSkipped, "Write the date as YYYY-MM-DD.";
    DateForm = "date_form", Note, "Nothing; the date has only one reading. The standard writes YYYY-MM-DD.";
    DateEmpty = "date_empty", Note, "Leave the value empty when there is no date.";
    DatesEmpty = "dates_empty", RowSkipped, "Check the dates: an end is the first day that no longer counts, so no day is left.";
    BirthDateUnreadable = "birth_date_unreadable", ValueIgnored, "Write the birth date as YYYY-MM-DD; until then it is unknown and listed for staff.";
    BirthDateUnlikely = "birth_date_unlikely", ValueIgnored, "Check the birth date; until then it is unknown and listed for staff.";
    LanguageUnknown = "language_unknown", ValueIgnored, "Write sv, da, nb or en.";
    FlagUnreadable = "flag_unreadable", RowSkipped, "Write yes or no.";
    FlagBars = "flag_bars", RowSkipped, "Write yes, no or lift; until then the person is barred, and the row gives nothing.";
    FlagProtects = "flag_protects", ValueIgnored, "Write yes or no; until then the identity is protected.";

    // Words of the standard.
    OrgTypeUnknown = "org_type_unknown", RowSkipped, "Write school, department, district, local, state or national; only a school becomes a school.";
    ClassTypeUnknown = "class_type_unknown", RowSkipped, "Write homeroom or scheduled, or an ext: type that docs/import.md lists.";
    ClassTypeMissing = "class_type_missing", Note, "Say homeroom or scheduled; the class was read as a homeroom class.";
    GradeUnknown = "grade_unknown", ValueIgnored, "Write a grade that docs/import.md lists.";
    FormAssumed = "form_assumed", Note, "Put the school form in school.csv, or give grades.";
    FormsMixed = "forms_mixed", Note, "Nothing; the class was taken as of its highest form, each pupil as of the pupil's own grade.";
    RoleUnknown = "role_unknown", RowSkipped, "Name the person in staff.csv if the role should give something.";
    RoleNotTaken = "role_not_taken", RowSkipped, "Name the person in staff.csv if the role should give something.";
    RoleInStaff = "role_in_staff", Note, "Nothing; staff.csv or the school's staff say what the person may do there.";
    AdministratorAsOffice = "administrator_as_office", Note, "Name the principal in staff.csv: OneRoster 1.1 cannot say which administrator it is.";
    RoleColumnUnused = "role_column_unused", Note, "Nothing; roles.csv was read instead of the role column.";
    RolesMissing = "roles_missing", Note, "Add roles.csv; people were placed by their enrollments only.";
    RoleConflict = "role_conflict", RowSkipped, "Mend the user's role or the enrollment's; they contradict each other.";
    NotEnabled = "not_enabled", RowSkipped, "Enable the user in the school's system if the role should hold.";

    EnabledUnclear = "enabled_unclear", ValueIgnored, "Write true or false; until then what the person has as staff stays as it is.";

    // References.
    OrgDangling = "org_dangling", RowSkipped, "Add the school to orgs.csv, or mend the reference.";
    OrgNotSchool = "org_not_school", RowSkipped, "Refer to a school, or to something within one.";
    ClassDangling = "class_dangling", RowSkipped, "Add the class to classes.csv, or mend the reference.";
    UserDangling = "user_dangling", RowSkipped, "Add the user to users.csv, or mend the reference.";
    TermDangling = "term_dangling", ValueIgnored, "Add the session to academicSessions.csv, or mend the reference.";
    CourseDangling = "course_dangling", ValueIgnored, "Add the course to courses.csv, or mend the reference.";
    ReferenceHeld = "reference_held", RowSkipped, "Mend the row that it refers to; until then what is stored stays as it is.";
    FlagIgnored = "flag_ignored", ValueIgnored, "Write true or false; it was read as false.";
    Outranked = "outranked", Note, "Nothing, if that is right: the legal layer or staff said otherwise. Change it there.";
    StillGiven = "still_given", Note, "The roster no longer has the person, but staff or the legal layer gave something: end it there if it is over.";
    Namesake = "namesake", Note, "If the two are the same human, end the assignment of the one whom the school added by hand.";
    SchoolDiffers = "school_differs", Note, "Nothing; the class's own school was used.";
    TermOver = "term_over", Note, "Check academicSessions.csv: the class's terms are over, so nobody is in the class now.";
    PeriodSuperseded = "period_superseded", Note, "Nothing; of two separate periods in the same group the later one was used.";
    AgentDangling = "agent_dangling", ValueIgnored, "Add the adult or the pupil to users.csv, or mend agentSourcedIds.";
    AgentUnclear = "agent_unclear", ValueIgnored, "Say in legal.csv who is whose guardian: the roles do not tell which of the two is the pupil.";
    AdultWithoutPupil = "adult_without_pupil", RowSkipped, "Name the adult in a pupil's agentSourcedIds, or in legal.csv.";
    PersonWithoutSchool = "person_without_school", RowSkipped, "Give the person a school, or leave the row out.";
    SchoolMissing = "school_missing", Note, "Check the export: a stored school is not in it. Nothing of that school was ended.";
    DaysWithoutClass = "days_without_class", Note, "Check the pupil's enrollments: on those days no class has the pupil, so nobody calls the roll for it.";
    HeldAll = "held_all", Note, "Mend the row; until then nothing was ended by what the file lacks, because nobody knows whom the row is about.";
    TermUnreadable = "term_unreadable", ValueIgnored, "Mend the session in academicSessions.csv; until then places in the class keep their dates, and none is given without an end.";
    NoHomerooms = "no_homerooms", Note, "Mark the classes that a pupil belongs to as homeroom; scheduled ones have no daily roll.";

    // Our own files.
    KindUnknown = "kind_unknown", RowSkipped, "Write a kind that docs/import.md lists.";
    TopicUnknown = "topic_unknown", ValueIgnored, "Write attendance, leave, book, talks, plan, care or info.";
    BarUnplaced = "bar_unplaced", RowSkipped, "Name the pupil and the person: a bar, a relation or a consent is about the two of them.";
    BarStands = "bar_stands", Note, "Nothing, if the bar is to stay. Write block = lift where it is to go.";
    PersonUnknown = "person_unknown", RowSkipped, "Give given_name and family_name for somebody whom the roster lacks. In legal.csv, a block in the row was placed.";
    PupilUnknown = "pupil_unknown", RowSkipped, "Check the pupil's id. A block in the row was placed where the pupil is known.";
    LegalConflict = "legal_conflict", RowSkipped, "Keep one row per pupil and person. Blocks and protection in the rows were used, what they give was not.";
    StaffRoleUnknown = "staff_role_unknown", RowSkipped, "Write a role that docs/import.md lists.";
    GroupNeeded = "group_needed", RowSkipped, "Name the group: the role never holds for a whole school.";
    SettingsMissing = "settings_missing", Note, "Add the school to school.csv with time_zone, phone and language.";
    TextInvalid = "text_invalid", FileSkipped, "Mend the place that is named; docs/rule-sets.md says how. Nothing of the file was used.";
    RulesMissing = "rules_missing", Note, "Put a rules.toml into the bundle (docs/rule-sets.md): without rules nobody can report.";
    CalendarMissing = "calendar_missing", Note, "Put a calendar.toml into the bundle (docs/rule-sets.md): without a calendar no day has school.";
    TextUnreadable = "text_unreadable", FileSkipped, "Save the file as UTF-8, below the size limit.";
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
