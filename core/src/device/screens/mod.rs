//! Screens: what each shows, as one coarse value with texts already in the person's language. Shells draw it, keep no
//! rules, and send the ready-made commands of its buttons.
//!
//! Pure functions over a [`Source`]. A screen holds no rule: where a pupil stands is asked of `domain::attendance`, and
//! what a button may do of `decide`. Nobody without a card here is ever shown as an id.

mod absences;
mod board;
mod call_list;
mod child;
mod child_today;
mod desk;
mod evacuation;
mod follow_ups;
mod frame;
mod inbox;
mod lines;
mod outbox;
mod request;
mod roll_call;
mod rows;
mod source;
mod stats;
mod taken;
mod today_home;
mod today_staff;
mod values;
mod waiting;
mod who_can_read;

pub use absences::{AbsenceLine, AbsenceList, AbsencePlace, absences};
pub use board::{BoardRow, GroupBoard, SchoolBoard, group_board, school_board};
pub use call_list::{CallAdult, CallLine, CallList, call_list};
pub use child::{Child, ChildDay, child};
pub use child_today::{ChildToday, ToExplain};
pub use desk::{Desk, not_theirs};
pub use evacuation::{EvacuationLine, EvacuationList, evacuation_list};
pub use follow_ups::{FollowUpList, SignalLine, follow_ups};
pub use inbox::{Inbox, InboxPlace, NoticeLine, inbox};
pub use outbox::{Can, Outbox, OutboxLine, Stands, outbox};
pub use request::{Screen, ScreenRequest};
pub use roll_call::{RollCall, RollRow, roll_call};
pub use rows::PupilRow;
pub use source::Source;
pub use stats::{Stats, stats};
pub use today_home::{HomeToday, Mail, Warning, home_today};
pub use today_staff::{GroupToday, OfficeToday, StaffToday, staff_today};
pub use values::{
    AbsenceLines, Action, Adds, BoardRows, CallLines, ChildDays, Cutoff, DayLine, Does, EndedLine, EvacuationLines,
    ExplanationLines, Figure, FollowUpLines, GroupLines, MarkLine, NoticeLines, OutboxLines, Person, Reached, Readers,
    ReportLine, SaidReached, SaidRoll, SaidStands, SaidStatus, SaidValidity, Window,
};
pub use waiting::{AlarmLine, ExplanationLine, ExplanationList, UntakenLine, explanations};
pub use who_can_read::{Reader, WhoCanRead, attendance_scope, who_can_read};
