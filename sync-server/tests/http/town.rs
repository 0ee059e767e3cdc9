//! Almskolan, 4B: Liv with her guardians Amal and Erik, Ida with Nils, the teacher Sanna and Olle in the office; a real
//! server on a free port, a real SQLite file in a folder of its own, and phones that are HTTP clients.

use chrono::{DateTime, NaiveDate, Utc};
use reqwest::blocking::{Client, RequestBuilder, Response};
use serde_json::{Value, json};
use skolebro_core::{
    clock::TestClock,
    domain::{
        calendar::SchoolCalendar,
        ids::{CommandId, DeviceId, GroupId, PersonId, SchoolId},
        people::{
            Assignment, Dates, Enrolment, Group, GroupKind, Guardianship, GuardianshipKind, Language, Membership,
            Person, Reach, Role, School, SchoolForm, Standing,
        },
        roster::{Origin, RosterChange, RosterEntry},
        rules::RuleSet,
    },
};
use skolebro_server::{
    engine::RosterAuthor,
    http::HttpLimits,
    operate::{
        answer::{Answer, Letters, Trouble},
        order::Order,
        socket,
    },
    serve::{Running, ServeOptions},
};
use std::{sync::Arc, time::Duration};
use tempfile::TempDir;

pub struct Town {
    pub running: Running,
    pub folder: TempDir,
    pub clock: Arc<TestClock>,
}

/// A phone of a person: a token, and nothing else.
#[derive(Clone)]
pub struct Phone {
    pub url: String,
    pub token: String,
    pub device: DeviceId,
    client: Client,
}

pub fn school() -> SchoolId {
    SchoolId::derive(&[&"almskolan"])
}
pub fn person(name: &str) -> PersonId {
    PersonId::derive(&[&name])
}
pub fn group(name: &str) -> GroupId {
    GroupId::derive(&[&name])
}
/// A Monday in session.
pub fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 23).unwrap()
}
/// Ten to seven in Stockholm.
pub fn morning() -> DateTime<Utc> {
    "2026-11-23T05:50:00Z".parse().unwrap()
}

fn somebody(name: &str, born: Option<&str>, language: Language) -> RosterEntry {
    let (given_name, family_name) = name.split_once(' ').unwrap();
    RosterEntry::Person(Person {
        id: person(given_name),
        given_name: given_name.to_owned(),
        family_name: family_name.to_owned(),
        language: Some(language),
        phone: Some("+46 70 000 00 00".to_owned()),
        email: None,
        birth_date: born.map(|day| day.parse().unwrap()),
        protected_identity: false,
    })
}

/// What an import would bring.
pub fn roster() -> Vec<RosterEntry> {
    let rules = RuleSet::from_toml(include_str!("../../../core/samples/rules/se.toml"), "se.toml").unwrap();
    let calendars = include_str!("../../../core/samples/calendars/se.toml");
    let calendars = SchoolCalendar::from_toml(calendars, "se.toml", |_| None).unwrap();
    let (form, dates) = (SchoolForm::Compulsory, Dates::default());
    let home = |pupil: &str, adult: &str, kind, standing| {
        let (pupil, person) = (person(pupil), person(adult));
        RosterEntry::Guardianship(Guardianship { pupil, person, kind, standing, dates, topics: Vec::new() })
    };
    let mut entries = vec![
        RosterEntry::School(School {
            id: school(),
            name: "Almskolan".to_owned(),
            organiser: "Exempelkommunen".to_owned(),
            time_zone: chrono_tz::Europe::Stockholm,
            phone: "010-123 45 67".to_owned(),
            language: Language::Sv,
        }),
        RosterEntry::Group(Group {
            id: group("4B"),
            name: "4B".to_owned(),
            kind: GroupKind::Class,
            form,
            code: None,
            location: None,
        }),
        somebody("Liv Haddad", Some("2016-05-01"), Language::Sv),
        somebody("Ida Ek", None, Language::Sv),
        somebody("Amal Haddad", None, Language::En),
        somebody("Erik Lind", None, Language::Sv),
        somebody("Nils Ek", None, Language::Sv),
        somebody("Vera Ny", None, Language::Sv),
        somebody("Sanna Berg", None, Language::Sv),
        somebody("Olle Kontor", None, Language::Sv),
        home("Liv", "Amal", GuardianshipKind::Guardian, Standing::Confirmed),
        home("Liv", "Erik", GuardianshipKind::Guardian, Standing::Confirmed),
        home("Ida", "Nils", GuardianshipKind::Guardian, Standing::Confirmed),
        // Brought by an import, and nobody has said yet what she is.
        home("Ida", "Vera", GuardianshipKind::Unspecified, Standing::Pending),
        RosterEntry::Assignment(Assignment {
            person: person("Sanna"),
            role: Role::ContactTeacher,
            reach: Reach::Group(group("4B")),
            dates,
        }),
        RosterEntry::Assignment(Assignment { person: person("Olle"), role: Role::Office, reach: Reach::School, dates }),
    ];
    for pupil in ["Liv", "Ida"] {
        entries.push(RosterEntry::Enrolment(Enrolment { pupil: person(pupil), form, dates }));
        entries.push(RosterEntry::Membership(Membership { pupil: person(pupil), group: group("4B"), dates }));
    }
    entries.extend(rules.into_iter().filter(|rules| rules.form == form).map(RosterEntry::RuleSet));
    entries.extend(calendars.into_iter().filter(|calendar| calendar.form == form).map(RosterEntry::Calendar));
    entries
}

impl Town {
    pub fn open() -> Self {
        Self::with(HttpLimits::default())
    }

    pub fn with(limits: HttpLimits) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(TestClock::at(morning()));
        let running = start(&folder, limits, &clock);
        let brought = |entry| RosterChange::Put { entry, origin: Origin::Import };
        let changes = roster().into_iter().map(brought).collect();
        running.server().engine().apply_roster(school(), changes, RosterAuthor::Import).unwrap();
        Self { running, folder, clock }
    }

    /// The same folder, after a graceful stop.
    pub fn restarted(self) -> Self {
        let Self { running, folder, clock } = self;
        running.stop();
        let running = start(&folder, HttpLimits::default(), &clock);
        Self { running, folder, clock }
    }

    pub fn url(&self) -> String {
        self.running.server().url()
    }

    pub fn order(&self, words: &[&str]) -> Result<Answer, Trouble> {
        order(self.folder.path(), words)
    }

    pub fn codes(&self, words: &[&str]) -> Letters {
        match self.order(&[&["codes"], words].concat()).unwrap() {
            Answer::Codes(letters) => letters,
            other => panic!("{other:?}"),
        }
    }

    pub fn code(&self, name: &str) -> String {
        self.codes(&["--person", &person(name).to_string(), "--again"]).letters.remove(0).code
    }

    pub fn enrol(&self, name: &str) -> Phone {
        let answer = enrol(&self.url(), &self.code(name));
        assert_eq!(answer.status(), 200);
        let answer: Value = answer.json().unwrap();
        Phone {
            url: self.url(),
            token: answer["token"].as_str().unwrap().to_owned(),
            device: answer["device"].as_str().unwrap().parse().unwrap(),
            client: Client::new(),
        }
    }

    pub fn metrics(&self) -> String {
        reqwest::blocking::get(format!("{}/metrics", self.url())).unwrap().text().unwrap()
    }
}

pub fn start(folder: &TempDir, limits: HttpLimits, clock: &Arc<TestClock>) -> Running {
    let options = ServeOptions { limits, clock: clock.clone(), tick_every: None, ..ServeOptions::on(folder.path()) };
    Running::start(options).unwrap()
}

/// As the command line gives it, over the socket.
pub fn order(data: &std::path::Path, words: &[&str]) -> Result<Answer, Trouble> {
    socket::ask(data, &parse(words), &mut |_| ()).expect("a server runs")
}

pub fn parse(words: &[&str]) -> Order {
    #[derive(clap::Parser)]
    struct Line {
        #[command(subcommand)]
        order: Order,
    }
    <Line as clap::Parser>::try_parse_from([&["test"], words].concat()).unwrap().order
}

pub fn enrol(url: &str, code: &str) -> Response {
    let body = json!({ "protocol": 1, "code": code, "device_name": "a phone" });
    Client::new().post(format!("{url}/v1/enrol")).json(&body).send().unwrap()
}

impl Phone {
    /// The same phone, at a server's new address.
    pub fn at(&self, url: &str) -> Self {
        Self { url: url.to_owned(), ..self.clone() }
    }

    pub fn ask(&self, method: &str, path: &str) -> RequestBuilder {
        let url = format!("{}{path}", self.url);
        self.client.request(method.parse().unwrap(), url).bearer_auth(&self.token).timeout(Duration::from_secs(20))
    }

    pub fn sync(&self, cursor: u64, commands: &[Value]) -> Response {
        let body = json!({ "protocol": 1, "school": school(), "cursor": cursor, "commands": commands });
        self.ask("POST", "/v1/sync").json(&body).send().unwrap()
    }

    /// Every page, until the cursor is at the head: the cursor, and the rows.
    pub fn pull(&self) -> (u64, Vec<Value>) {
        let mut body = json!({ "protocol": 1, "school": school() });
        let mut rows = Vec::new();
        loop {
            let answer: Value = self.ask("POST", "/v1/sync").json(&body).send().unwrap().json().unwrap();
            let page = &answer["pull"]["page"];
            rows.extend(page["rows"].as_array().cloned().unwrap_or_default());
            match page.get("more") {
                Some(more) => {
                    body["continuation"] = more.clone();
                    body["epoch"] = answer["epoch"].clone();
                }
                None => return (page["cursor"].as_u64().unwrap(), rows),
            }
        }
    }
}

/// *Sick today*, as a phone of a guardian sends it.
pub fn sick(pupil: &str) -> Value {
    json!({
        "id": CommandId::new(), "school": school(), "capacity": "home", "device_time": morning(),
        "body": { "do": "report_absence", "pupils": [person(pupil)], "kind": "sick", "from": today(), "to": today() },
    })
}

pub fn outcomes(answer: Response) -> Vec<Value> {
    assert_eq!(answer.status(), 200);
    let answer: Value = answer.json().unwrap();
    answer["outcomes"].as_array().unwrap().iter().map(|outcome| outcome["outcome"].clone()).collect()
}

pub fn problem(answer: Response) -> (u16, String) {
    let status = answer.status().as_u16();
    let answer: Value = answer.json().unwrap();
    assert!(answer["detail"].is_string());
    (status, answer["code"].as_str().unwrap().to_owned())
}
