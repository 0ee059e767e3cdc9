//! The special cases that the law knows (domain.md, *People*), each once, with names that stories can use.
//! Must never depend on chance for being there: they take their seats before the other families do.

use super::{
    ATTENDANCE, GroupNo, PersonNo, Post, RosterRole,
    families::Town,
    households::{Tie, protect},
    names::Name,
    staff,
};
use chrono::{Datelike, Days, Months, NaiveDate};
use skolebro_core::domain::people::{Dates, GroupKind, GuardianshipKind, Role};

/// Which special case; what `adults` holds is said for each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PersonaKind {
    /// Amal and Erik, married, with Liv and Elias in two schools. Adults: both. Others: Liv's contact teacher Sanna.
    MarriedTwoSchools,
    /// Two guardians who live apart. Adults: both.
    SeparatedGuardians,
    /// Adults: the parent without custody to whom attendance is delegated. Others: the guardian.
    AttendanceDelegated,
    /// Adults: the parent without custody who has nothing. Others: the guardian.
    WithoutCustody,
    /// Adults: the two foster parents, with attendance and info. Others: the guardian.
    FosterHome,
    /// Adults: two dated members of the home's staff. Others: the specially appointed guardian.
    ResidentialHome,
    /// Adults: the god man of an unaccompanied minor.
    AppointedRepresentative,
    /// Adults: the guardian; both she and the child have protected identity.
    ProtectedIdentity,
    /// Adults: the blocked father, a guardian on paper. Others: the mother.
    BlockedFather,
    /// Adults: the stepfather whom only the roster names. Others: the mother.
    PendingStepfather,
    /// A pupil who turns 18 within five days. Adults: both guardians.
    TurningEighteen,
    /// Adults: a contact teacher whose child goes to another class of the school.
    TeacherAndGuardian,
    /// Adults: the substitute in Liv's class, whose last day is today. No pupil.
    SubstituteUntilToday,
}

impl PersonaKind {
    pub const ALL: [PersonaKind; 13] = [
        PersonaKind::MarriedTwoSchools,
        PersonaKind::SeparatedGuardians,
        PersonaKind::AttendanceDelegated,
        PersonaKind::WithoutCustody,
        PersonaKind::FosterHome,
        PersonaKind::ResidentialHome,
        PersonaKind::AppointedRepresentative,
        PersonaKind::ProtectedIdentity,
        PersonaKind::BlockedFather,
        PersonaKind::PendingStepfather,
        PersonaKind::TurningEighteen,
        PersonaKind::TeacherAndGuardian,
        PersonaKind::SubstituteUntilToday,
    ];
}

/// A special case with its people.
#[derive(Clone, Debug)]
pub struct Persona {
    pub kind: PersonaKind,
    pub pupils: Vec<PersonNo>,
    /// Whom the case is about.
    pub adults: Vec<PersonNo>,
    /// Who else it takes to tell the story.
    pub others: Vec<PersonNo>,
}

/// Seats every persona.
pub(super) fn seat(town: &mut Town) {
    let class = married(town);
    separated(town);
    without_custody(town);
    carers(town);
    representative(town);
    protected(town);
    barred(town);
    turning_eighteen(town);
    teacher_and_guardian(town, class);
    substitute(town, class);
}

/// Liv's class.
fn married(town: &mut Town) -> GroupNo {
    let home = town.new_household();
    let amal = adult(town, "Amal", "Haddad", home);
    let erik = adult(town, "Erik", "Lindqvist", home);
    let liv = child(town, "Liv", "Lindqvist", home, 0, 4);
    let elias = child(town, "Elias", "Lindqvist", home, 1, 7);
    town.bind(&[liv, elias], &[Tie::guardian(amal), Tie::guardian(erik)]);
    let class = class_of(town, liv);
    let sanna = town.groups[class.index()].lead;
    rename(town, sanna, "Sanna", "Ekström");
    note(town, PersonaKind::MarriedTwoSchools, vec![liv, elias], vec![amal, erik], vec![sanna]);
    class
}

fn separated(town: &mut Town) {
    let (home, other_home) = (town.new_household(), town.new_household());
    let johanna = adult(town, "Johanna", "Niemi", home);
    let tomasz = adult(town, "Tomasz", "Wójcik", other_home);
    let maja = child(town, "Maja", "Niemi", home, 0, 2);
    town.bind(&[maja], &[Tie::guardian(johanna), Tie::guardian(tomasz)]);
    note(town, PersonaKind::SeparatedGuardians, vec![maja], vec![johanna, tomasz], vec![]);
}

fn without_custody(town: &mut Town) {
    let (home, other_home) = (town.new_household(), town.new_household());
    let hodan = adult(town, "Hodan", "Warsame", home);
    let liban = adult(town, "Liban", "Jama", other_home);
    let ilyas = child(town, "Ilyas", "Jama", other_home, 0, 5);
    town.bind(&[ilyas], &[Tie::guardian(hodan), Tie::without_custody(liban, ATTENDANCE)]);
    note(town, PersonaKind::AttendanceDelegated, vec![ilyas], vec![liban], vec![hodan]);

    let (home, other_home) = (town.new_household(), town.new_household());
    let pernille = adult(town, "Pernille", "Møller", home);
    let jens = adult(town, "Jens", "Dahl", other_home);
    let freja = child(town, "Freja", "Møller", home, 0, 3);
    town.bind(&[freja], &[Tie::guardian(pernille), Tie::without_custody(jens, &[])]);
    note(town, PersonaKind::WithoutCustody, vec![freja], vec![jens], vec![pernille]);
}

fn carers(town: &mut Town) {
    let (home, other_home) = (town.new_household(), town.new_household());
    let petra = adult(town, "Petra", "Lund", other_home);
    let gunilla = adult(town, "Gunilla", "Åkesson", home);
    let bo = adult(town, "Bo", "Åkesson", home);
    let leo = child(town, "Leo", "Lund", home, 0, 1);
    let foster = |person| Tie::carer(person, Some(RosterRole::Relative), Dates::default());
    town.bind(&[leo], &[Tie::guardian(petra), foster(gunilla), foster(bo)]);
    note(town, PersonaKind::FosterHome, vec![leo], vec![gunilla, bo], vec![petra]);

    let home = town.new_household();
    let outside = town.new_household();
    let birgitta = adult(town, "Birgitta", "Öberg", outside);
    let kim = adult(town, "Kim", "Sørensen", home);
    let dzenan = adult(town, "Dženan", "Hadžić", home);
    let noah = child(town, "Noah", "Sandvik", home, 1, 8);
    // Named and dated, as the decision about each of them is.
    let employed = |from: u64, until: u64| Dates {
        from: town.spec.today.checked_sub_days(Days::new(from)),
        until: town.spec.today.checked_add_days(Days::new(until)),
    };
    let ties = [
        Tie::appointed(birgitta, GuardianshipKind::SpeciallyAppointedGuardian),
        Tie::carer(kim, None, employed(60, 120)),
        Tie::carer(dzenan, None, employed(30, 60)),
    ];
    town.bind(&[noah], &ties);
    legal_layer_only(town, &[birgitta, kim, dzenan]);
    note(town, PersonaKind::ResidentialHome, vec![noah], vec![kim, dzenan], vec![birgitta]);
}

fn representative(town: &mut Town) {
    let (home, outside) = (town.new_household(), town.new_household());
    let lars_erik = adult(town, "Lars-Erik", "Strömbäck", outside);
    let yusuf = child(town, "Yusuf", "Rahimi", home, 1, 9);
    town.bind(&[yusuf], &[Tie::appointed(lars_erik, GuardianshipKind::AppointedRepresentative)]);
    legal_layer_only(town, &[lars_erik]);
    note(town, PersonaKind::AppointedRepresentative, vec![yusuf], vec![lars_erik], vec![]);
}

fn protected(town: &mut Town) {
    let home = town.new_household();
    let sara = adult(town, "Sárá", "Eira", home);
    let ante = child(town, "Ánte", "Eira", home, 0, 6);
    town.bind(&[ante], &[Tie::guardian(sara)]);
    protect(town, [sara, ante].into_iter());
    note(town, PersonaKind::ProtectedIdentity, vec![ante], vec![sara], vec![]);
}

fn barred(town: &mut Town) {
    let (home, other_home) = (town.new_household(), town.new_household());
    let katarzyna = adult(town, "Katarzyna", "Zielińska", home);
    let marcin = adult(town, "Marcin", "Zieliński", other_home);
    let zofia = child(town, "Zofia", "Zielińska", home, 0, 7);
    town.bind(&[zofia], &[Tie::guardian(katarzyna), Tie::guardian(marcin).blocked()]);
    note(town, PersonaKind::BlockedFather, vec![zofia], vec![marcin], vec![katarzyna]);

    let home = town.new_household();
    let ingrid = adult(town, "Ingrid", "Bråten", home);
    let ole = adult(town, "Ole", "Myhre", home);
    let tuva = child(town, "Tuva", "Bråten", home, 0, 2);
    town.bind(&[tuva], &[Tie::guardian(ingrid), Tie::roster_only(ole, RosterRole::Parent)]);
    note(town, PersonaKind::PendingStepfather, vec![tuva], vec![ole], vec![ingrid]);
}

fn turning_eighteen(town: &mut Town) {
    let home = town.new_household();
    let anna = adult(town, "Anna", "Holmström", home);
    let per = adult(town, "Per", "Holmström", home);
    let upper = town.schools.len() - 1;
    let born = (town.spec.today + Days::new(5)).checked_sub_months(Months::new(18 * 12));
    // The year that pupils of that age are in: one below the last when the birthday is in spring.
    let (first, last) = town.spec.country.upper_secondary_grades();
    let age = born.map_or(18, |born| town.spec.school_year() - born.year());
    let grade = (first..=last).find(|grade| town.spec.country.age(*grade) == age).unwrap_or(last);
    let saga = child(town, "Saga", "Holmström", home, upper, grade);
    town.people[saga.index()].birth_date = born;
    town.bind(&[saga], &[Tie::guardian(anna), Tie::guardian(per)]);
    note(town, PersonaKind::TurningEighteen, vec![saga], vec![anna, per], vec![]);
}

fn teacher_and_guardian(town: &mut Town, liv_class: GroupNo) {
    let home = town.new_household();
    let sondre = child(town, "Sondre", "Solberg", home, 0, 4);
    let own_class = class_of(town, sondre);
    let teaches = town
        .groups
        .iter()
        .find(|group| {
            group.kind == GroupKind::Class
                && group.school == town.groups[own_class.index()].school
                && group.no != own_class
                && group.no != liv_class
        })
        .map_or(town.groups[own_class.index()].lead, |group| group.lead);
    rename(town, teaches, "Marit", "Solberg");
    town.people[teaches.index()].household = home;
    town.bind(&[sondre], &[Tie::guardian(teaches)]);
    note(town, PersonaKind::TeacherAndGuardian, vec![sondre], vec![teaches], vec![]);
}

fn substitute(town: &mut Town, class: GroupNo) {
    let nils = staff::hire(town);
    rename(town, nils, "Nils", "Utsi");
    let dates = Dates { from: town.spec.today.checked_sub_days(Days::new(4)), until: Some(town.spec.today) };
    let school = town.groups[class.index()].school;
    town.posts.push(Post { person: nils, role: Role::Teacher, school, group: Some(class), dates });
    note(town, PersonaKind::SubstituteUntilToday, vec![], vec![nils], vec![]);
}

fn adult(town: &mut Town, given: &'static str, family: &'static str, household: u32) -> PersonNo {
    let language = town.spec.country.language();
    town.adult(Name { given, family, from_afar: false }, household, language)
}

/// In the year nearest to `grade` that has a seat.
fn child(
    town: &mut Town,
    given: &'static str,
    family: &'static str,
    household: u32,
    school: usize,
    grade: u8,
) -> PersonNo {
    let seat = town.seat_near(school, grade);
    let born: NaiveDate = town.birth_date(seat.grade, &[]);
    town.child(Name { given, family, from_afar: false }, household, seat, Some(born))
}

fn class_of(town: &Town, pupil: PersonNo) -> GroupNo {
    town.pupils.iter().find(|seated| seated.person == pupil).map_or(GroupNo(0), |seated| seated.class)
}

fn rename(town: &mut Town, person: PersonNo, given: &'static str, family: &'static str) {
    let person = &mut town.people[person.index()];
    (person.given_name, person.family_name) = (given, family);
}

fn legal_layer_only(town: &mut Town, people: &[PersonNo]) {
    for person in people {
        town.people[person.index()].in_roster = false;
    }
}

fn note(town: &mut Town, kind: PersonaKind, pupils: Vec<PersonNo>, adults: Vec<PersonNo>, others: Vec<PersonNo>) {
    town.personas.push(Persona { kind, pupils, adults, others });
}
