//! Any screen by one door: a closed set of what can be asked for, and of what is shown. A new screen is a case more in
//! both, and no method more for the shells of other languages.

use super::{
    AbsenceList, AbsencePlace, CallList, Child, Desk, EvacuationList, ExplanationList, FollowUpList, GroupBoard,
    HomeToday, Inbox, InboxPlace, Outbox, RollCall, SchoolBoard, StaffToday, Stats, WhoCanRead, Window, absences,
    call_list, child, evacuation_list, explanations, follow_ups, group_board, home_today, inbox, not_theirs, outbox,
    roll_call, school_board, staff_today, stats, who_can_read,
};
use crate::{
    device::{
        Phone, PhoneError, View,
        text::{Names, Refusal, Texts},
    },
    domain::{
        attendance::Session,
        ids::{GroupId, PersonId, SchoolId},
        rejection::Rejection,
        scope::Scope,
    },
    say,
};
use chrono::NaiveDate;
use serde::Serialize;

/// The longest page that a screen gives, whatever is asked for.
pub const LONGEST_PAGE: u32 = 1000;

/// What to show of one school. Where a day may be left out, it is today at the school.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
pub enum ScreenRequest {
    /// *Today* for an adult at home.
    Home,
    /// *Today* for staff.
    Staff,
    /// A child's page. `before`: the `next` of the page before it.
    ChildPage {
        pupil: PersonId,
        before: Option<NaiveDate>,
        limit: u32,
    },
    /// A child's absence in figures, of the school year that the day is in.
    Figures {
        pupil: PersonId,
        day: Option<NaiveDate>,
    },
    /// The inbox.
    Notices {
        after: Option<InboxPlace>,
        limit: u32,
    },
    /// The outbox.
    Said {
        window: Window,
    },
    WhoReads {
        scope: Scope,
        window: Window,
    },
    /// A group's roll; without a session, the one that is now.
    Roll {
        group: GroupId,
        day: Option<NaiveDate>,
        session: Option<Session>,
    },
    /// A group's board: what stands out.
    Group {
        group: GroupId,
        day: Option<NaiveDate>,
        window: Window,
    },
    School {
        day: Option<NaiveDate>,
        window: Window,
    },
    /// The call list: of a day, or of today with what is still open.
    Calls {
        day: Option<NaiveDate>,
        window: Window,
    },
    /// The explanations that wait for an answer, of whatever day.
    Explanations {
        window: Window,
    },
    /// The signals that wait for somebody to deal with them, and those just dealt with.
    FollowUps {
        window: Window,
    },
    Evacuation {
        window: Window,
    },
    /// Every absence between two days, both inclusive.
    Absences {
        from: NaiveDate,
        to: NaiveDate,
        after: Option<AbsencePlace>,
        limit: u32,
    },
}

/// What is shown: the answer to the request of the same name.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "screen", rename_all = "snake_case")]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
pub enum Screen {
    Home {
        shown: HomeToday,
    },
    Staff {
        shown: StaffToday,
    },
    ChildPage {
        shown: Child,
    },
    Figures {
        shown: Stats,
    },
    Notices {
        shown: Inbox,
    },
    Said {
        shown: Outbox,
    },
    WhoReads {
        shown: WhoCanRead,
    },
    Roll {
        shown: RollCall,
    },
    Group {
        shown: GroupBoard,
    },
    School {
        shown: SchoolBoard,
    },
    Calls {
        shown: CallList,
    },
    Explanations {
        shown: ExplanationList,
    },
    FollowUps {
        shown: FollowUpList,
    },
    Evacuation {
        shown: EvacuationList,
    },
    Absences {
        shown: AbsenceList,
    },
    /// A screen of staff's that is not this person's: in words, to be shown in its place.
    NotTheirs {
        text: String,
    },
}

impl Phone {
    /// One screen of one school, at this moment.
    ///
    /// # Errors
    /// As [`Phone::view`].
    pub fn screen(&self, school: SchoolId, texts: Texts, wanted: &ScreenRequest) -> Result<Screen, PhoneError> {
        let view = self.view(school)?;
        if let Some(text) = whose(wanted).and_then(|desk| not_theirs(&view, texts, desk)) {
            return Ok(Screen::NotTheirs { text });
        }
        let day = |wanted: &Option<NaiveDate>| wanted.unwrap_or_else(|| view.today());
        let others = || Screen::NotTheirs { text: say!(texts, "screen-of-staff") };
        Ok(match wanted {
            ScreenRequest::Home => {
                let mut shown = home_today(&view, texts)?;
                self.name_elsewhere(texts, &mut shown)?;
                Screen::Home { shown }
            }
            ScreenRequest::Staff => Screen::Staff { shown: staff_today(&view, texts)? },
            ScreenRequest::ChildPage { pupil, before, limit } => {
                Screen::ChildPage { shown: child(&view, texts, *pupil, *before, bounded(*limit))? }
            }
            ScreenRequest::Figures { pupil, day: wanted } => {
                Screen::Figures { shown: stats(&view, texts, *pupil, day(wanted))? }
            }
            ScreenRequest::Notices { after, limit } => {
                Screen::Notices { shown: inbox(&view, texts, *after, bounded(*limit))? }
            }
            ScreenRequest::Said { window } => {
                Screen::Said { shown: outbox(&view, texts, &self.outbox()?, page(*window))? }
            }
            ScreenRequest::WhoReads { scope, window } => {
                Screen::WhoReads { shown: who_can_read(&view, texts, *scope, page(*window))? }
            }
            ScreenRequest::Roll { group, day: wanted, session } => {
                Screen::Roll { shown: roll_call(&view, texts, *group, day(wanted), *session)? }
            }
            ScreenRequest::Group { group, day: wanted, window } => {
                Screen::Group { shown: group_board(&view, texts, *group, day(wanted), page(*window))? }
            }
            ScreenRequest::School { day: wanted, window } => {
                Screen::School { shown: school_board(&view, texts, day(wanted), page(*window))? }
            }
            ScreenRequest::Calls { day, window } => {
                Screen::Calls { shown: call_list(&view, texts, *day, page(*window))? }
            }
            ScreenRequest::Explanations { window } => {
                let list = explanations(&view, texts, page(*window))?;
                list.map_or_else(others, |shown| Screen::Explanations { shown })
            }
            ScreenRequest::FollowUps { window } => {
                let list = follow_ups(&view, texts, page(*window))?;
                list.map_or_else(others, |shown| Screen::FollowUps { shown })
            }
            ScreenRequest::Evacuation { window } => {
                let list = evacuation_list(&view, texts, page(*window))?;
                list.map_or_else(others, |shown| Screen::Evacuation { shown })
            }
            ScreenRequest::Absences { from, to, after, limit } => {
                let list = absences(&view, texts, (*from, *to), *after, bounded(*limit))?;
                list.map_or_else(others, |shown| Screen::Absences { shown })
            }
        })
    }
}

/// Whose screen it is, where it is of staff.
fn whose(wanted: &ScreenRequest) -> Option<Desk> {
    match wanted {
        ScreenRequest::Home
        | ScreenRequest::Staff
        | ScreenRequest::ChildPage { .. }
        | ScreenRequest::Figures { .. }
        | ScreenRequest::Notices { .. }
        | ScreenRequest::Said { .. }
        | ScreenRequest::WhoReads { .. } => None,
        ScreenRequest::Roll { group, .. } | ScreenRequest::Group { group, .. } => Some(Desk::Group(*group)),
        ScreenRequest::School { .. } | ScreenRequest::Absences { .. } => Some(Desk::School),
        ScreenRequest::Calls { .. } => Some(Desk::Calls),
        ScreenRequest::Evacuation { .. } => Some(Desk::Evacuation),
        ScreenRequest::Explanations { .. } | ScreenRequest::FollowUps { .. } => Some(Desk::Waiting),
    }
}

fn bounded(limit: u32) -> u32 {
    limit.clamp(1, LONGEST_PAGE)
}

fn page(window: Window) -> Window {
    Window { limit: bounded(window.limit), ..window }
}

struct NamesOf<'a>(&'a View);

impl Names for NamesOf<'_> {
    fn name(&self, person: PersonId) -> Option<String> {
        self.0.name(person).map(|name| name.to_string())
    }
    fn is_me(&self, person: PersonId) -> bool {
        person == self.0.me()
    }
}

impl View {
    /// Advice, or a refusal, as it is told to the person.
    pub fn refusal(&self, texts: Texts, rejection: &Rejection) -> Refusal {
        texts.rejection(rejection, &NamesOf(self), self.time_zone(), self.today())
    }
}
