//! The operator of the demonstration: the same orders as on the command line, over the same socket to the running server.

use super::{
    phones::Fleet,
    script::Script,
    show::Show,
    town::{ORGANISER, Town},
};
use skolebro_core::domain::ids::PersonId;
use skolebro_demo::sample::PersonNo;
use skolebro_server::{
    operate::{
        answer::{Answer, Letters, Progress, Trouble},
        order::{self, Order},
        socket,
    },
    roster::report::ImportReport,
};
use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

#[derive(Debug)]
pub struct Operator {
    pub data: PathBuf,
    pub url: String,
    /// Whether the folder stays after the end.
    pub keeps: bool,
}

impl Operator {
    /// # Errors
    /// The server's own trouble, or it does not listen.
    pub fn give(&self, order: &Order) -> Result<Answer, Trouble> {
        self.give_and_watch(order, &mut |_| ())
    }

    fn give_and_watch(&self, order: &Order, progress: &mut dyn FnMut(Progress)) -> Result<Answer, Trouble> {
        let answer = socket::ask(&self.data, order, progress);
        answer.unwrap_or_else(|| Err(Trouble::refused("the demonstration's server does not listen")))
    }

    /// # Errors
    /// The import refused the bundle.
    pub fn import(&self, bundle: &Path, town: &Town, show: &Show) -> Result<ImportReport, Trouble> {
        let order = Order::Import(order::Import {
            file: bundle.to_owned(),
            dry_run: false,
            allow_ending: false,
            organiser: Some(ORGANISER.to_owned()),
            new_organiser: false,
            organiser_name: Some(town.made.name.to_owned()),
            time_zone: None,
            language: None,
            end_dates_count: None,
        });
        let bar = show.progress("importing", 0);
        let answer = self.give_and_watch(&order, &mut |made| {
            bar.set_length(made.total);
            bar.set_position(made.done);
            bar.set_message(made.what);
        });
        bar.finish_and_clear();
        if let Answer::Imported(report) = answer?
            && report.stopped.is_none()
        {
            return Ok(report);
        }
        Err(Trouble::refused("the import stopped"))
    }

    /// # Errors
    /// The order was refused.
    pub fn codes(&self, wanted: order::Codes) -> Result<Letters, Trouble> {
        let Answer::Codes(letters) = self.give(&Order::Codes(wanted))? else {
            return Err(Trouble::refused("the server answered something else than codes"));
        };
        Ok(letters)
    }

    /// One person's code; none: the school makes none for that person.
    ///
    /// # Errors
    /// The order was refused.
    pub fn code_of(&self, town: &Town, who: PersonNo) -> Result<Option<String>, Trouble> {
        let wanted = order::Codes { person: Some(town.person(who).to_string()), again: true, ..self.wanted(None) };
        Ok(self.codes(wanted)?.letters.pop().map(|letter| letter.code))
    }

    pub fn wanted(&self, school: Option<String>) -> order::Codes {
        order::Codes {
            group: None,
            staff: false,
            person: None,
            without_phone: false,
            again: false,
            server: Some(self.url.clone()),
            out: None,
            school: order::School { school },
        }
    }

    /// Letters to the staff of each school and to the homes of each class; those who have a part in the script sign in.
    ///
    /// # Errors
    /// Somebody with a part could not sign in.
    pub fn enrol(&self, town: &Town, script: &Script, fleet: &mut Fleet, show: &Show) -> Result<(), Trouble> {
        let people = script.guardians.iter().chain(script.teachers.values()).copied();
        let offices = town.schools().iter().filter_map(|school| town.office(school.no));
        let cast: BTreeMap<PersonId, PersonNo> = people.chain(offices).map(|no| (town.person(no), no)).collect();
        let bar = show.progress("signing in with the letters", cast.len() as u64);
        for school in town.schools() {
            let name = Some(school.name.clone());
            let mut wanted = vec![order::Codes { staff: true, ..self.wanted(name.clone()) }];
            wanted.extend(town.classes().filter(|class| class.school == school.no).map(|class| order::Codes {
                group: Some(class.name.clone()),
                without_phone: true,
                ..self.wanted(name.clone())
            }));
            for wanted in wanted {
                let letters = self.codes(wanted)?.letters;
                let mine = letters.into_iter().filter_map(|letter| Some((*cast.get(&letter.to.person)?, letter.code)));
                let new = mine.filter(|(who, _)| !fleet.has(*who)).collect();
                fleet.enrol(new)?;
                bar.set_position(fleet.len() as u64);
            }
        }
        bar.finish_and_clear();
        match cast.values().find(|who| !fleet.has(**who)) {
            Some(who) => Err(Trouble::refused(format!("no letter came for {}", town.name(*who)))),
            None => Ok(()),
        }
    }
}
