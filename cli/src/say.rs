//! Saying something: on this phone at once and durably, then a short try to reach the school, then honestly where it is.

use crate::{
    exit::Exit,
    output::{Out, Tone},
    session::{Session, does_not_pass, school_name},
    trouble::Trouble,
};
use serde::Serialize;
use serde_json::json;
use skolebro_core::{
    device::{
        Delivery, Draft, IfAdvised, PhoneError, Standing, Submission, Together,
        screens::{Action, OutboxLine, Reached, Stands, Window, outbox},
        text::{Refusal, Texts},
    },
    domain::{
        command::{Capacity, CommandBody},
        ids::{CommandId, SchoolId},
    },
    say,
};
use std::collections::{BTreeMap, BTreeSet};

/// What became of one thing that was said, and at which school.
#[derive(Debug, Serialize)]
struct SaidAt {
    school: SchoolId,
    #[serde(flatten)]
    said: Said,
}

#[derive(Debug, Serialize)]
#[serde(untagged)]
enum Said {
    /// In the outbox, in its screen's words.
    Line(Box<OutboxLine>),
    /// What the phone says by itself: not in the outbox's screen.
    Silent { id: CommandId, delivered: bool },
    /// Not sent: the phone warns.
    Advised { advice: Refusal },
}

/// One run's sayings: all are kept first, then sent together.
#[derive(Debug)]
pub struct Saying<'a> {
    session: &'a mut Session,
    anyway: bool,
    said: Vec<(SchoolId, Result<CommandId, Refusal>)>,
}

impl<'a> Saying<'a> {
    pub fn new(session: &'a mut Session, anyway: bool) -> Self {
        Self { session, anyway, said: Vec::new() }
    }

    pub fn session(&self) -> &Session {
        self.session
    }

    /// In the capacity that is possible or was named.
    ///
    /// # Errors
    /// It cannot be told in which capacity, or it could not be kept.
    pub fn say(&mut self, school: SchoolId, body: CommandBody) -> Result<(), Trouble> {
        let capacity = self.session.capacity(&self.session.view(school)?, &body)?;
        self.say_as(school, capacity, body)
    }

    /// # Errors
    /// It could not be kept.
    pub fn say_as(&mut self, school: SchoolId, capacity: Capacity, body: CommandBody) -> Result<(), Trouble> {
        let draft = Draft { school, capacity, body, depends_on: None };
        let mut together = self.submit(draft.clone())?;
        if !matches!(together, Together::Kept(_)) && self.session.look_again()? {
            together = self.submit(draft)?;
        }
        match together {
            Together::Kept(kept) => self.said.extend(kept.into_iter().map(|(school, kept)| (school, Ok(kept.id)))),
            Together::OtherDay { by_phone, by_school } => {
                self.said.push((school, Err(self.session.texts.other_day(by_phone, by_school))));
            }
            Together::Advised(advised) => {
                for (school, advice) in advised {
                    let view = self.session.view(school)?;
                    self.said.push((school, Err(view.refusal(self.session.texts, &advice))));
                }
            }
        }
        Ok(())
    }

    /// At all the child's schools, unless one was named.
    fn submit(&self, draft: Draft) -> Result<Together, PhoneError> {
        let phone = &self.session.phone;
        if self.session.names_a_school() {
            phone.submit_together(vec![draft], self.if_advised())
        } else {
            phone.submit_everywhere(draft, self.if_advised())
        }
    }

    /// Something else instead of what was refused, or the same again.
    ///
    /// # Errors
    /// It is not a refused item, or it could not be kept.
    pub fn instead(&mut self, school: SchoolId, refused: CommandId, body: CommandBody) -> Result<(), Trouble> {
        let submission = self.session.phone.mend(refused, body, self.if_advised())?;
        self.take(school, submission)
    }

    fn if_advised(&self) -> IfAdvised {
        if self.anyway { IfAdvised::SendAnyway } else { IfAdvised::Ask }
    }

    fn take(&mut self, school: SchoolId, submission: Submission) -> Result<(), Trouble> {
        let said = match submission {
            Submission::Kept(kept) => Ok(kept.id),
            Submission::OtherDay { by_phone, by_school } => Err(self.session.texts.other_day(by_phone, by_school)),
            Submission::Advised(advice) => {
                let view = self.session.view(school)?;
                Err(view.refusal(self.session.texts, &advice))
            }
        };
        self.said.push((school, said));
        Ok(())
    }

    /// Tries to send, and tells of each where it is.
    ///
    /// # Errors
    /// The files cannot be read or written.
    pub fn finish(self) -> Result<Exit, Trouble> {
        let Self { session, said, .. } = self;
        let anything = said.iter().any(|(_, said)| said.is_ok());
        // Where something was said at several schools, each receipt names its own.
        let schools: BTreeSet<SchoolId> = said.iter().map(|(school, _)| *school).collect();
        let at = |session: &Session, school: SchoolId, title: &str| -> Result<String, Trouble> {
            match schools.len() {
                0 | 1 => Ok(title.to_owned()),
                _ => Ok(format!("{title} · {}", school_name(&session.view(school)?))),
            }
        };
        // On this phone already: said at once with where it is, before anything waits for a network.
        let mut before: BTreeMap<CommandId, String> = BTreeMap::new();
        if anything {
            for (school, said) in &said {
                if let Ok(id) = said
                    && let Some(line) = line(session, *school, *id)?
                {
                    let title = at(session, *school, &line.title)?;
                    session.out.titled(&title, &line.state.text, tone(&line));
                    before.insert(*id, line.state.text);
                }
            }
            session.out.flush();
        }
        let why = if anything { session.send()? } else { None };
        let mut exit = Exit::Done;
        let mut values = Vec::new();
        for (school, said) in said {
            let (told, code) = match said {
                Err(advice) => (Said::Advised { advice }, Exit::Advised),
                Ok(id) => told(session, school, id)?,
            };
            let title = match &told {
                Said::Line(line) => at(session, school, &line.title)?,
                Said::Advised { advice } => at(session, school, &advice.text)?,
                Said::Silent { .. } => String::new(),
            };
            draw(&mut session.out, session.texts, &told, &title, &before);
            exit = exit.max(code);
            values.push(SaidAt { school, said: told });
        }
        if exit == Exit::Kept {
            kept_only(session, why.as_ref())?;
        }
        if anything && session.phone.who().is_none_or(|who| who.standing.is_sealed()) {
            // Kept, and not to be sent before the person has signed in again.
            exit = exit.max(Exit::NotSignedIn);
        }
        session.out.set(json!({ "said": values, "exit": exit.code() }));
        Ok(exit)
    }
}

fn line(session: &Session, school: SchoolId, id: CommandId) -> Result<Option<OutboxLine>, Trouble> {
    let items = match session.phone.outbox() {
        Err(PhoneError::NotEnrolled) => return Ok(None),
        items => items?,
    };
    let view = session.view(school)?;
    let shown = outbox(&view, session.texts, &items, Window::ALL)?;
    Ok(shown.items.items.into_iter().find(|line| line.id == id))
}

fn told(session: &Session, school: SchoolId, id: CommandId) -> Result<(Said, Exit), Trouble> {
    if session.signed_in().is_err() {
        // Sealed on the way: kept, and not shown.
        return Ok((Said::Silent { id, delivered: false }, Exit::NotSignedIn));
    }
    if let Some(line) = line(session, school, id)? {
        let exit = match &line.state.state {
            Stands::Waiting => Exit::Kept,
            Stands::Arrived { reached: Reached::OnThisPhoneOnly } => Exit::Kept,
            Stands::Arrived { reached: Reached::AtSchool { .. } | Reached::Seen { .. } } => Exit::Done,
            Stands::Refused => Exit::Failed,
        };
        return Ok((Said::Line(Box::new(line)), exit));
    }
    let delivery = session.view(school)?.delivery(id)?;
    let exit = match delivery {
        Some(Delivery::OnThisPhoneOnly { .. }) => Exit::Kept,
        Some(Delivery::Rejected { .. }) => Exit::Failed,
        Some(Delivery::AtSchool { .. } | Delivery::Seen { .. }) | None => Exit::Done,
    };
    Ok((Said::Silent { id, delivered: exit == Exit::Done }, exit))
}

fn tone(line: &OutboxLine) -> Tone {
    match &line.state.state {
        Stands::Waiting | Stands::Arrived { reached: Reached::OnThisPhoneOnly } => Tone::Warn,
        Stands::Arrived { reached: Reached::AtSchool { .. } | Reached::Seen { .. } } => Tone::Good,
        Stands::Refused => Tone::Bad,
    }
}

/// `before`: what has been told of each already. Of several, each state stands with its own title.
fn draw(out: &mut Out, texts: Texts, said: &Said, title: &str, before: &BTreeMap<CommandId, String>) {
    match said {
        Said::Line(line) => {
            if before.get(&line.id) == Some(&line.state.text) {
                // Told when it was said.
            } else if before.len() == 1 {
                out.indented(&line.state.text, tone(line));
            } else {
                out.titled(title, &line.state.text, tone(line));
            }
            if let Some(refusal) = &line.refusal {
                out.indented(&refusal.text, Tone::Plain);
                out.indented(&refusal.instead, Tone::Plain);
            }
            if let Some(why) = &line.not_now {
                out.indented(why, Tone::Quiet);
            }
            if let Some(clock) = &line.clock {
                out.indented(clock, Tone::Warn);
            }
        }
        Said::Silent { .. } => {}
        Said::Advised { advice } => {
            out.line(title, Tone::Warn);
            out.indented(&advice.instead, Tone::Plain);
            out.indented(&say!(texts, "cli-not-sent"), Tone::Quiet);
        }
    }
}

/// Why it is here only, and whom to call if it is late.
fn kept_only(session: &mut Session, why: Option<&Refusal>) -> Result<(), Trouble> {
    if session.folder.is_offline() {
        session.out.indented(&say!(session.texts, "cli-offline-kept", command = "skolebro online"), Tone::Quiet);
    } else if let Some(why) = why {
        session.out.indented(&why.text, Tone::Quiet);
        let unknown = session.phone.who().is_some_and(|who| who.standing == Standing::TokenUnknown);
        if unknown || does_not_pass(why) {
            session.out.indented(&why.instead, Tone::Plain);
        }
    }
    for warning in session.phone.cutoff_warning(session.phone.now())?.warnings {
        let view = session.view(warning.school)?;
        let cutoff = session.texts.clock_at(warning.cutoff, view.time_zone());
        let text = session.texts.unsent_warning(&cutoff, &warning.phone, warning.passed);
        session.out.line(&text, Tone::Bad);
    }
    Ok(())
}

impl Session {
    /// What a screen sends by itself when it is shown: *seen*. Not told of, whatever becomes of it: it is in the outbox.
    ///
    /// # Errors
    /// It could not be kept.
    pub fn say_silently(&mut self, school: SchoolId, actions: &[Action]) -> Result<bool, Trouble> {
        for action in actions {
            self.phone.submit(school, action.capacity, action.body.clone(), None)?;
        }
        Ok(!actions.is_empty())
    }
}
