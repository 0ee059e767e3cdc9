//! What a screen shows.

use crate::{error::SkolebroError, object::Skolebro};
use skolebro_core::{
    device::screens::{Screen, ScreenRequest},
    domain::{
        command::{Capacity, CommandBody},
        ids::SchoolId,
    },
    foreign::Moment,
};

#[uniffi::export]
impl Skolebro {
    /// One screen of one of the person's schools, with every text in the person's language. Reads this phone's files only.
    ///
    /// # Errors
    /// `NotSignedIn`, `UnknownSchool`, `Suspended`, `Storage`.
    pub fn screen(&self, school: SchoolId, wanted: ScreenRequest) -> Result<Screen, SkolebroError> {
        self.with(|open| {
            open.known(school)?;
            open.phone.screen(school, open.texts(), &wanted).map_err(|error| open.error(error))
        })
    }

    /// The capacities in which this person may ask for that: home first, then the roles in their order. None: not as far as
    /// this phone knows. More than one: ask the person which.
    pub fn capacities(&self, school: SchoolId, body: CommandBody) -> Result<Vec<Capacity>, SkolebroError> {
        self.with(|open| Ok(open.view(school)?.capacities(&body)))
    }

    /// The server's time, as well as this phone knows it.
    pub fn now(&self) -> Result<Moment, SkolebroError> {
        self.with(|open| Ok(open.phone.now()))
    }
}
