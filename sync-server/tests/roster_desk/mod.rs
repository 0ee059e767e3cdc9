//! What the roster tests share: bundles made in code, and a desk that keeps what an import gave, as a store would.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, dead_code)]

use chrono::NaiveDate;
use skolebro_core::domain::{
    ids::{GroupId, PersonId, SchoolId},
    people::{Assignment, Block, Enrolment, Guardianship, Membership, Person, Reach, Role},
    roster::{Origin, RosterChange, RosterEntry, RosterKey},
};
use skolebro_server::{
    roster::{
        self,
        current::CurrentRoster,
        error::RosterError,
        options::ReadOptions,
        plan::{Cursor, Plan, Step},
        report::ImportReport,
    },
    store::{SourceRow, StoredEntry},
};
use std::{collections::BTreeMap, io::Write, path::PathBuf};
use tempfile::TempDir;
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

pub const ORGANISER: &str = "storvik";

pub fn day(text: &str) -> NaiveDate {
    NaiveDate::parse_from_str(text, "%Y-%m-%d").unwrap()
}

pub fn person(sid: &str) -> PersonId {
    PersonId::derive(&[&ORGANISER, &sid])
}

pub fn school(sid: &str) -> SchoolId {
    SchoolId::derive(&[&ORGANISER, &sid])
}

pub fn group(sid: &str) -> GroupId {
    GroupId::derive(&[&ORGANISER, &sid])
}

/// A bundle being written.
#[derive(Clone, Default)]
pub struct Files {
    pub files: BTreeMap<String, Vec<u8>>,
}

impl Files {
    pub fn with(mut self, name: &str, text: impl AsRef<[u8]>) -> Self {
        self.files.insert(name.to_owned(), text.as_ref().to_vec());
        self
    }

    pub fn without(mut self, name: &str) -> Self {
        self.files.remove(name).expect("the file is there");
        self
    }

    pub fn text(&self, name: &str) -> String {
        String::from_utf8(self.files[name].clone()).unwrap()
    }

    /// Replaces words that must be there.
    pub fn change(self, name: &str, from: &str, to: &str) -> Self {
        let text = self.text(name);
        assert!(text.contains(from), "{name} does not hold {from}");
        self.with(name, text.replace(from, to))
    }

    pub fn and_row(self, name: &str, row: &str) -> Self {
        let text = format!("{}{row}\n", self.text(name));
        self.with(name, text)
    }

    pub fn zip(&self, to: &std::path::Path) {
        let mut zip = ZipWriter::new(std::fs::File::create(to).unwrap());
        for (name, bytes) in &self.files {
            zip.start_file(name.as_str(), SimpleFileOptions::default().compression_method(CompressionMethod::Deflated))
                .unwrap();
            zip.write_all(bytes).unwrap();
        }
        zip.finish().unwrap();
    }
}

pub const USERS_1_2: &str = "sourcedId,status,dateLastModified,enabledUser,username,userIds,givenName,familyName,middleName,identifier,email,sms,phone,agentSourcedIds,grades,password\n";

/// Lilla skolan: class 4B with Liv and Noah, Liv's adults Amal and Erik, the teacher Sanna and the principal Rut.
pub fn lilla() -> Files {
    Files::default()
        .with(
            "manifest.csv",
            "propertyName,value\nmanifest.version,1.0\noneroster.version,1.2\nfile.academicSessions,bulk\nfile.classes,bulk\n\
             file.courses,bulk\nfile.demographics,bulk\nfile.enrollments,bulk\nfile.orgs,bulk\nfile.roles,bulk\n\
             file.users,bulk\nfile.results,absent\nfile.userProfiles,absent\nsource.systemName,Test\n",
        )
        .with(
            "orgs.csv",
            "sourcedId,status,dateLastModified,name,type,identifier,parentSourcedId\n\
             O,,,Storviks kommun,district,,\nS1,,,Lilla skolan,school,,O\n",
        )
        .with(
            "academicSessions.csv",
            "sourcedId,status,dateLastModified,title,type,startDate,endDate,parentSourcedId,schoolYear\n\
             Y,,,Läsåret,schoolYear,2026-07-01,2027-07-01,,2027\n",
        )
        .with("courses.csv", "sourcedId,status,dateLastModified,schoolYearSourcedId,title,courseCode,grades,orgSourcedId,subjects,subjectCodes\nC,,,Y,Grundskola,,,S1,,\n")
        .with(
            "classes.csv",
            "sourcedId,status,dateLastModified,title,grades,courseSourcedId,classCode,classType,location,schoolSourcedId,termSourcedIds,subjects,subjectCodes,periods\n\
             4B,,,4B,04,C,4B,homeroom,,S1,,,,\n",
        )
        .with(
            "users.csv",
            format!(
                "{USERS_1_2}\
                 liv,,,true,liv,,Liv,Åkesson,,,,,,\"amal,erik\",04,\n\
                 noah,,,true,noah,,Noah,Berg,,,,,,,04,\n\
                 amal,,,true,amal,,Amal,Haddad,,,amal@example.org,+46700000001,,,,\n\
                 erik,,,true,erik,,Erik,Åkesson,,,,,,,,\n\
                 sanna,,,true,sanna,,Sanna,Lind,,,,,,,,\n\
                 rut,,,true,rut,,Rut,Ek,,,,,,,,\n"
            ),
        )
        .with(
            "roles.csv",
            "sourcedId,status,dateLastModified,userSourcedId,roleType,role,beginDate,endDate,orgSourcedId,userProfileSourcedId\n\
             r1,,,liv,primary,student,,,S1,\nr2,,,noah,primary,student,,,S1,\nr3,,,amal,primary,guardian,,,S1,\n\
             r4,,,erik,primary,parent,,,S1,\nr5,,,sanna,primary,teacher,,,S1,\nr6,,,rut,primary,principal,,,S1,\n",
        )
        .with(
            "demographics.csv",
            "sourcedId,status,dateLastModified,birthDate,sex\nliv,,,2016-03-08,\n",
        )
        .with(
            "enrollments.csv",
            "sourcedId,status,dateLastModified,classSourcedId,schoolSourcedId,userSourcedId,role,primary,beginDate,endDate\n\
             e1,,,4B,S1,liv,student,,,\ne2,,,4B,S1,noah,student,,,\ne3,,,4B,S1,sanna,teacher,true,,\n",
        )
        .with("school.csv", "school,time_zone,phone,language\nS1,Europe/Stockholm,+46 8 123 45 67,sv\n")
}

/// Sets all of a bundle's files to changes only.
pub fn as_delta(files: Files) -> Files {
    files.change("manifest.csv", ",bulk", ",delta")
}

/// Keeps what imports gave.
pub struct Desk {
    pub folder: TempDir,
    pub stored: BTreeMap<(SchoolId, RosterKey), StoredEntry>,
    /// By file and id.
    pub said: BTreeMap<(String, String), String>,
    pub options: ReadOptions,
}

impl CurrentRoster for Desk {
    fn schools(&self) -> Result<Vec<SchoolId>, RosterError> {
        let mut schools: Vec<SchoolId> = self.stored.keys().map(|(school, _)| *school).collect();
        schools.dedup();
        Ok(schools)
    }
    fn each(
        &self,
        school: SchoolId,
        each: &mut dyn FnMut(StoredEntry) -> Result<(), RosterError>,
    ) -> Result<(), RosterError> {
        for (_, entry) in self.stored.iter().filter(|((at, _), _)| *at == school) {
            each(entry.clone())?;
        }
        Ok(())
    }
    fn said(
        &self,
        organiser: &str,
        each: &mut dyn FnMut(SourceRow) -> Result<(), RosterError>,
    ) -> Result<(), RosterError> {
        for ((file, id), said) in &self.said {
            let (file, id, said) = (file.clone(), id.clone(), said.as_str().into());
            each(SourceRow { organiser: organiser.to_owned(), file, id, said })?;
        }
        Ok(())
    }
}

impl Desk {
    pub fn new() -> Self {
        Self {
            folder: TempDir::new().unwrap(),
            stored: BTreeMap::new(),
            said: BTreeMap::new(),
            options: ReadOptions::new(ORGANISER, day("2026-09-01")),
        }
    }

    pub fn path(&self, files: &Files) -> PathBuf {
        let path = self.folder.path().join("bundle.zip");
        files.zip(&path);
        path
    }

    pub fn plan(&self, files: &Files) -> Plan {
        self.try_plan(files).unwrap()
    }

    pub fn try_plan(&self, files: &Files) -> Result<Plan, RosterError> {
        roster::read(&self.path(files), self.folder.path(), self.options.clone(), &mut |_| {})?.plan(self)
    }

    /// Imports and keeps.
    pub fn import(&mut self, files: &Files) -> ImportReport {
        let plan = self.plan(files);
        for step in steps(&plan) {
            self.apply(&step);
        }
        self.remember(&plan);
        plan.report().clone()
    }

    pub fn remember(&mut self, plan: &Plan) {
        let mut after = None;
        loop {
            // Small, so that batches end everywhere.
            let rows = plan.remember(&mut after, 3).unwrap();
            if rows.is_empty() {
                return;
            }
            for row in rows {
                match row.said {
                    Some(said) => self.said.insert((row.file, row.id), said),
                    None => self.said.remove(&(row.file, row.id)),
                };
            }
        }
    }

    pub fn apply(&mut self, step: &Step) {
        let key = (step.school, step.key());
        match step.change(self.stored.get(&key)) {
            Some(RosterChange::Put { entry, origin }) => {
                self.stored.insert(key, StoredEntry { entry, origin });
            }
            Some(RosterChange::Remove(_)) => {
                self.stored.remove(&key);
            }
            None => {}
        }
    }

    /// Staff say something by hand.
    pub fn by_hand(&mut self, at: &str, entry: impl Into<RosterEntry>) {
        let entry = entry.into();
        self.stored.insert((school(at), entry.key()), StoredEntry { entry, origin: Origin::Staff });
    }

    pub fn entries(&self, at: &str) -> impl Iterator<Item = &StoredEntry> {
        let at = school(at);
        self.stored.iter().filter(move |((school, _), _)| *school == at).map(|(_, entry)| entry)
    }

    pub fn person(&self, at: &str, sid: &str) -> Option<Person> {
        self.entries(at).find_map(|stored| match &stored.entry {
            RosterEntry::Person(found) if found.id == person(sid) => Some(found.clone()),
            _ => None,
        })
    }

    pub fn guardianship(&self, at: &str, pupil: &str, adult: &str) -> Option<Guardianship> {
        self.entries(at).find_map(|stored| match &stored.entry {
            RosterEntry::Guardianship(found) if found.pupil == person(pupil) && found.person == person(adult) => {
                Some(found.clone())
            }
            _ => None,
        })
    }

    pub fn membership(&self, at: &str, pupil: &str, class: &str) -> Option<Membership> {
        self.entries(at).find_map(|stored| match &stored.entry {
            RosterEntry::Membership(found) if found.pupil == person(pupil) && found.group == group(class) => {
                Some(*found)
            }
            _ => None,
        })
    }

    pub fn enrolment(&self, at: &str, pupil: &str) -> Option<Enrolment> {
        self.entries(at).find_map(|stored| match &stored.entry {
            RosterEntry::Enrolment(found) if found.pupil == person(pupil) => Some(found.clone()),
            _ => None,
        })
    }

    pub fn group(&self, at: &str, class: &str) -> Option<skolebro_core::domain::people::Group> {
        self.entries(at).find_map(|stored| match &stored.entry {
            RosterEntry::Group(found) if found.id == group(class) => Some(found.clone()),
            _ => None,
        })
    }

    pub fn roles(&self, at: &str, sid: &str) -> Vec<(Role, Reach)> {
        self.assignments(at, sid).into_iter().map(|assignment| (assignment.role, assignment.reach)).collect()
    }

    pub fn assignments(&self, at: &str, sid: &str) -> Vec<Assignment> {
        let of = |stored: &StoredEntry| match &stored.entry {
            RosterEntry::Assignment(found) if found.person == person(sid) => Some(*found),
            _ => None,
        };
        self.entries(at).filter_map(of).collect()
    }

    pub fn is_blocked(&self, at: &str, pupil: &str, adult: &str) -> bool {
        let block = Block { pupil: person(pupil), person: person(adult) };
        self.entries(at).any(|stored| stored.entry == RosterEntry::Block(block))
    }
}

pub fn steps(plan: &Plan) -> Vec<Step> {
    let mut cursor = Cursor::default();
    let mut steps = Vec::new();
    loop {
        // Small, so that batches end everywhere.
        let batch = plan.batch(&mut cursor, 3).unwrap();
        if batch.is_empty() {
            return steps;
        }
        steps.extend(batch);
    }
}
