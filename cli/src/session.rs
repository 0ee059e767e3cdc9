//! One run of the program: the phone in its folder, the person's language, and what the command line said for all.

use crate::{
    args::{ActingAs, Common},
    clock::PhoneClock,
    find::FoundGroup,
    folder::Folder,
    network::Network,
    output::{Out, complain},
    trouble::{Trouble, standing_words, usage},
};
use chrono::{DateTime, Days, Utc};
use chrono_tz::Tz;
use skolebro_core::{
    device::{
        Options, Phone, PhoneError, Remembered, SyncEnd, View,
        http::{AddressProblem, HttpTransport, check_address},
        screens::{Desk, not_theirs},
        secrets::FileSecretStore,
        text::{Fault, Refusal, Texts},
        transport::Transport,
    },
    domain::{
        command::{Capacity, CommandBody},
        ids::SchoolId,
        names,
        people::{Language, Role},
        time::local_date,
    },
    protocol::ProblemCode,
    say,
};
use std::{sync::Arc, time::Duration};

/// Before something is shown: long enough for a server that answers, short enough not to be noticed.
const BEFORE_SHOWING: Duration = Duration::from_secs(2);
/// After something was said.
const AFTER_SAYING: Duration = Duration::from_secs(4);
/// For what is nothing without the server.
pub const WITH_SERVER: Duration = Duration::from_secs(20);

pub struct Session {
    pub out: Out,
    pub folder: Folder,
    pub phone: Phone,
    pub texts: Texts,
    acting: Option<ActingAs>,
    school: Option<String>,
    wait: Option<Duration>,
    lang: Option<Language>,
    /// Whether this run has tried to fetch what is new.
    fetched: bool,
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Session").field("folder", &self.folder).finish_non_exhaustive()
    }
}

fn transport(url: Option<&str>) -> Option<Arc<dyn Transport>> {
    Some(Arc::new(HttpTransport::new(url?)))
}

/// `SKOLEBRO_TEST_NOW`: what it is now. For tests.
fn test_now() -> Result<Option<DateTime<Utc>>, Trouble> {
    let Ok(text) = std::env::var("SKOLEBRO_TEST_NOW") else { return Ok(None) };
    let parsed =
        DateTime::parse_from_rfc3339(&text).map_err(|_| usage("SKOLEBRO_TEST_NOW: such as 2026-10-12T05:00:00Z"))?;
    Ok(Some(parsed.to_utc()))
}

impl Session {
    /// `server`: another than the folder's, for enrolling.
    ///
    /// # Errors
    /// No folder is named, or it cannot be used.
    pub fn open(common: Common, server: Option<&str>) -> Result<Self, Trouble> {
        let (folder, phone) = Self::phone(&common, server)?;
        let mut session = Self {
            out: Out::new(common.json, common.color),
            folder,
            phone,
            texts: Texts::new(Language::En),
            acting: common.acting,
            school: common.school,
            wait: common.wait.map(Duration::from_secs_f64),
            lang: common.lang,
            fetched: false,
        };
        session.choose_language();
        Ok(session)
    }

    fn phone(common: &Common, server: Option<&str>) -> Result<(Folder, Phone), Trouble> {
        let path = common.phone.as_ref().ok_or_else(|| usage(say!(terminals(common.lang), "cli-which-phone")))?;
        let texts = terminals(common.lang.or_else(|| Remembered::of(path).language));
        if let Some(asked) = server.filter(|asked| matches!(check_address(asked), Err(AddressProblem::NotHttp))) {
            return Err(usage(say!(texts, "cli-server-such-as", asked = texts.quoted(asked))));
        }
        let folder = Folder::at(path);
        if path.exists() && !path.is_dir() {
            return Err(usage(say!(texts, "cli-no-folder", path = path.display().to_string())));
        }
        let known = folder.server();
        if server.is_none() && known.is_none() && !folder.is_a_phone().map_err(PhoneError::Folder)? {
            // Nothing is made for somebody who mistyped the folder.
            return Err(Trouble::NotSignedIn(None));
        }
        folder.make().map_err(PhoneError::Folder)?;
        let clock = Arc::new(PhoneClock::new(folder.clone(), test_now()?, common.test_clock_offset));
        let network =
            Network { folder: folder.clone(), clock: clock.clone(), server: transport(server.or(known.as_deref())) };
        let network = Arc::new(network);
        let secrets = Arc::new(FileSecretStore::in_folder(folder.path()));
        let open = || Phone::open(folder.path(), network.clone(), clock.clone(), secrets.clone(), Options::default());
        let phone = match open() {
            // Told once. What can still be read is shown, and what is said from now on is kept.
            Err(error @ (PhoneError::OutboxDamaged { .. } | PhoneError::OutboxGone)) => {
                complain(&Trouble::Phone(error).told(texts, &Remembered::of(path).phones(&[])));
                open()?
            }
            opened => opened?,
        };
        if server.is_none() && known.is_none() {
            complain(&say!(texts, "cli-server-lost", command = "skolebro online --server URL"));
        }
        if let [_, ..] = phone.open_to_others() {
            let paths: Vec<String> = phone.open_to_others().iter().map(|path| path.display().to_string()).collect();
            complain(&say!(texts, "cli-open-to-others", paths = paths.join(", ")));
        }
        Ok((folder, phone))
    }

    /// The one asked for, the person's own, the school's, the last one that was known, or the terminal's.
    pub fn choose_language(&mut self) {
        self.texts = terminals(self.lang.or_else(|| self.phone.language()));
    }

    /// # Errors
    /// [`Trouble::NotSignedIn`] while nobody's things may be shown.
    pub fn signed_in(&self) -> Result<(), Trouble> {
        match self.phone.who() {
            Some(who) if !who.standing.is_sealed() => Ok(()),
            who => Err(Trouble::NotSignedIn(who.map(|who| who.standing))),
        }
    }

    /// Fetches what is new before something is shown, for a moment. Without the server the phone shows what it holds.
    ///
    /// # Errors
    /// Nobody is signed in, or the files cannot be written.
    pub fn refresh(&mut self) -> Result<(), Trouble> {
        self.signed_in()?;
        if let Some(why) = self.sync(BEFORE_SHOWING)?
            && !self.out.is_json()
        {
            complain(&format!("({})", why.text));
            if does_not_pass(&why) {
                complain(&why.instead);
            }
        }
        self.signed_in()
    }

    /// Before the phone warns or finds nothing: what it holds may be old, since nothing keeps it in step between two
    /// runs. Whether that was news.
    ///
    /// # Errors
    /// Nobody is signed in, or the files cannot be written.
    pub fn look_again(&mut self) -> Result<bool, Trouble> {
        if self.fetched {
            return Ok(false);
        }
        self.refresh().map(|()| self.fetched)
    }

    /// Finds what a name means; where it fits nobody or several, in what is newest.
    ///
    /// # Errors
    /// Nobody or several fit then, too.
    pub fn resolving<T>(&mut self, find: impl Fn(&Session) -> Result<T, Trouble>) -> Result<T, Trouble> {
        match find(self) {
            Err(Trouble::Usage(_) | Trouble::Nobody(_)) if self.look_again()? => find(self),
            found => found,
        }
    }

    /// Before a day is called today: where nothing but this phone's own clock says so, the school is asked first, for a
    /// moment.
    ///
    /// # Errors
    /// Nobody is signed in, or the files cannot be written.
    pub fn know_the_day(&mut self) -> Result<(), Trouble> {
        if !self.fetched && self.phone.schools().into_iter().any(|school| self.phone.day_is_reckoned(school)) {
            self.sync_within(self.wait.unwrap_or(BEFORE_SHOWING).min(BEFORE_SHOWING))?;
        }
        self.signed_in()
    }

    /// Sends what was just said.
    ///
    /// # Errors
    /// The files cannot be written.
    pub fn send(&mut self) -> Result<Option<Refusal>, Trouble> {
        self.sync(AFTER_SAYING)
    }

    /// None: all is done, or nothing was tried. Else why not.
    ///
    /// # Errors
    /// The files cannot be written.
    pub fn sync(&mut self, within: Duration) -> Result<Option<Refusal>, Trouble> {
        self.sync_within(self.wait.unwrap_or(within))
    }

    fn sync_within(&mut self, within: Duration) -> Result<Option<Refusal>, Trouble> {
        if within.is_zero() || self.folder.is_offline() {
            return Ok(None);
        }
        self.fetched = true;
        let report = match self.phone.sync_once(within) {
            // What is here is shown all the same, and what was said is kept.
            Err(error) if error.cannot_keep().is_some() => return Ok(Some(self.only_shown(&error))),
            Err(error @ PhoneError::TokenLost) => return Ok(Some(self.texts.phone_error(&error))),
            other => other?,
        };
        self.choose_language();
        Ok(self.end_words(&report.ended))
    }

    /// What is shown is what was here: nothing newer can be kept.
    fn only_shown(&self, error: &PhoneError) -> Refusal {
        let why = self.texts.phone_error(error);
        Refusal { text: say!(self.texts, "cli-only-shown"), ..why }
    }

    /// What a sync that did not do all is to be called.
    pub fn end_words(&self, ended: &SyncEnd) -> Option<Refusal> {
        match ended {
            SyncEnd::Complete => None,
            SyncEnd::OutOfTime
            | SyncEnd::Busy
            | SyncEnd::Cancelled
            | SyncEnd::Offline
            | SyncEnd::Timeout
            | SyncEnd::Garbled => Some(self.texts.problem(ProblemCode::Unavailable)),
            SyncEnd::Untrusted => Some(self.texts.fault(Fault::Untrusted)),
            SyncEnd::Refused { problem, .. } => Some(self.texts.problem(problem.code)),
            SyncEnd::TooOld => Some(self.texts.problem(ProblemCode::TooOld)),
            SyncEnd::SignedOut(standing) => standing.and_then(|standing| standing_words(standing, self.texts)),
        }
    }

    /// The first school's; where none is held any more, the machine's own offset is as good as any: UTC.
    pub fn time_zone(&self) -> Tz {
        let views = self.views().unwrap_or_default();
        views.first().map(View::time_zone).unwrap_or_default()
    }

    pub fn wait_or(&self, within: Duration) -> Duration {
        self.wait.unwrap_or(within)
    }

    /// The schools of this phone, or the one that was asked for.
    ///
    /// # Errors
    /// No school is called that.
    pub fn views(&self) -> Result<Vec<View>, Trouble> {
        let mut views = Vec::new();
        for school in self.phone.schools() {
            let view = self.phone.view(school)?;
            // A school that is known and has no name any more has ended for this person: the last child has left.
            if !view.is_known() || !school_name(&view).is_empty() {
                views.push(view);
            }
        }
        views.sort_by_cached_key(|view| names::sort_key(self.texts.language(), &school_name(view)));
        if let Some(wanted) = &self.school {
            let called: Vec<String> = views.iter().map(school_name).collect();
            let folded = names::folded(wanted);
            views.retain(|view| names::folded(&school_name(view)).contains(&folded));
            if views.is_empty() {
                let (wanted, names) = (self.texts.quoted(wanted), called.join(", "));
                return Err(usage(say!(self.texts, "cli-no-school", wanted = wanted, names = names)));
            }
        }
        Ok(views)
    }

    /// Nothing here is this person's (any more): in words, with whom to call and what may be wrong about it.
    pub fn nothing_here(&self) -> Vec<String> {
        let mut told = vec![say!(self.texts, "nothing-here")];
        told.extend(self.whom_to_call());
        // Rights end by the day: a clock that runs ahead ends them too early. With its year, whichever that is.
        let day = local_date(self.time_zone(), self.phone.now());
        let another_year = day.checked_sub_days(Days::new(400)).unwrap_or(day);
        told.push(say!(self.texts, "cli-day-is", day = self.texts.date(day, another_year)));
        told
    }

    fn whom_to_call(&self) -> Option<String> {
        let offices = self.phone.offices();
        (!offices.is_empty()).then(|| say!(self.texts, "cli-office", phones = offices.join(", ")))
    }

    /// Why a name fits nobody, where this phone holds no names at all; none: it holds some.
    pub fn why_nobody(&self) -> Option<Trouble> {
        let views = self.views().ok()?;
        if views.is_empty() {
            return Some(Trouble::NotTheirs(self.nothing_here().join("\n")));
        }
        if views.iter().any(View::is_known) {
            return None;
        }
        let mut told = vec![say!(self.texts, "cli-nothing-yet")];
        told.extend(self.whom_to_call());
        Some(Trouble::Failed(told.join("\n")))
    }

    /// Whether one school was asked for: then nothing is said at another.
    pub fn names_a_school(&self) -> bool {
        self.school.is_some()
    }

    /// The schools where a screen of staff's is this person's.
    ///
    /// # Errors
    /// It is not at any: figures from a phone that is not given them would be untrue.
    pub fn desks(&self, desk: Desk) -> Result<Vec<View>, Trouble> {
        let mut views = self.views()?;
        // With no school left there is nothing to show, which is not the same as a screen with nothing on it.
        let mut why = views.is_empty().then(|| say!(self.texts, "nothing-here"));
        views.retain(|view| {
            let not_theirs = not_theirs(view, self.texts, desk);
            let theirs = not_theirs.is_none();
            why = not_theirs.or(why.take());
            theirs
        });
        match why {
            Some(why) if views.is_empty() => Err(Trouble::NotTheirs(why)),
            Some(_) | None => Ok(views),
        }
    }

    /// The group's school, if its roll and board are this person's.
    ///
    /// # Errors
    /// They are not.
    pub fn desk_of(&self, group: &FoundGroup) -> Result<View, Trouble> {
        let view = self.view(group.school)?;
        match not_theirs(&view, self.texts, Desk::Group(group.id)) {
            Some(why) => Err(Trouble::NotTheirs(why)),
            None => Ok(view),
        }
    }

    /// # Errors
    /// The mirror cannot be read.
    pub fn view(&self, school: SchoolId) -> Result<View, Trouble> {
        Ok(self.phone.view(school)?)
    }

    /// Whether the person wants to act as staff, at home, or has not said.
    pub fn acts_as_staff(&self) -> Option<bool> {
        self.acting.map(|acting| acting != ActingAs::Home)
    }

    /// In which capacity that is asked for: the one that is possible, or the one that was named.
    ///
    /// # Errors
    /// Both at home and as staff would be possible, and nothing was named.
    pub fn capacity(&self, view: &View, body: &CommandBody) -> Result<Capacity, Trouble> {
        let possible = view.capacities(body);
        if let Some(acting) = self.acting {
            let roles = view.roles_today().into_iter().map(Capacity::Staff);
            let fits = |capacity: &Capacity| acting.fits(*capacity);
            let chosen = possible.into_iter().find(fits).or_else(|| roles.into_iter().find(fits));
            return Ok(chosen.unwrap_or(acting.plainly()));
        }
        let at_home = possible.contains(&Capacity::Home);
        match possible.as_slice() {
            [] => Ok(self.likeliest(view)?),
            [first] => Ok(*first),
            [_, second, ..] if at_home => Err(usage(say!(self.texts, "cli-both-sides", role = name_of(*second)))),
            [first, ..] => Ok(*first),
        }
    }

    /// Not allowed in any, as far as this phone knows: the rules will say so of the likeliest.
    fn likeliest(&self, view: &View) -> Result<Capacity, Trouble> {
        if !view.relations()?.is_empty() {
            return Ok(Capacity::Home);
        }
        Ok(view.roles_today().into_iter().next().map_or(Capacity::Home, Capacity::Staff))
    }
}

/// Whether trying again is not enough, and the person has to do something.
pub fn does_not_pass(why: &Refusal) -> bool {
    [Fault::TokenLost, Fault::Untrusted].iter().any(|fault| fault.code() == why.code)
}

/// In a language, or else the terminal's.
pub fn terminals(language: Option<Language>) -> Texts {
    let set = |name| std::env::var(name).ok().and_then(|tag| Language::from_tag(&tag));
    let terminal = || ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find_map(set);
    Texts::new(language.or_else(terminal).unwrap_or(Language::En))
}

pub fn school_name(view: &View) -> String {
    view.roster().school().map(|school| school.name.clone()).unwrap_or_default()
}

fn name_of(capacity: Capacity) -> &'static str {
    match capacity {
        Capacity::Home | Capacity::System => "home",
        Capacity::Staff(Role::Office) => "office",
        Capacity::Staff(Role::Principal | Role::DeputyPrincipal | Role::Organiser) => "principal",
        Capacity::Staff(
            Role::ContactTeacher
            | Role::Teacher
            | Role::PreschoolStaff
            | Role::AfterSchoolStaff
            | Role::SpecialEducator
            | Role::PupilHealth,
        ) => "teacher",
    }
}

impl ActingAs {
    fn fits(self, capacity: Capacity) -> bool {
        let name = match self {
            ActingAs::Home => "home",
            ActingAs::Office => "office",
            ActingAs::Teacher => "teacher",
            ActingAs::Principal => "principal",
        };
        name_of(capacity) == name
    }

    fn plainly(self) -> Capacity {
        match self {
            ActingAs::Home => Capacity::Home,
            ActingAs::Office => Capacity::Staff(Role::Office),
            ActingAs::Teacher => Capacity::Staff(Role::Teacher),
            ActingAs::Principal => Capacity::Staff(Role::Principal),
        }
    }
}
