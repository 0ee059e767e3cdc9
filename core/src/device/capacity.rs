//! In which capacities a person may ask for something: what a shell needs to act as the right one, or to ask. Read off the
//! access table over what this phone holds; like all that is decided here, it is advice.

use super::view::View;
use crate::domain::{
    access::{Who, may_about},
    command::{Capacity, CommandBody},
};

impl View {
    /// The capacities in which this person may ask for that today: home first, then the roles in their order. Empty:
    /// in none, as far as this phone knows.
    pub fn capacities(&self, body: &CommandBody) -> Vec<Capacity> {
        if body.kind().by().contains(&Who::Clock) {
            return Vec::new();
        }
        // At home one speaks for oneself.
        let for_another = matches!(body, CommandBody::ReportAbsence { on_behalf_of: Some(_), .. });
        self.in_turn(|capacity| {
            !(for_another && capacity == Capacity::Home)
                && may_about(self.roster(), self.me(), capacity, body, self.today())
        })
    }

    fn in_turn(&self, may: impl Fn(Capacity) -> bool) -> Vec<Capacity> {
        let roles = self.roles_today().into_iter().map(Capacity::Staff);
        std::iter::once(Capacity::Home).chain(roles).filter(|capacity| may(*capacity)).collect()
    }
}
