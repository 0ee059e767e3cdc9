//! OneRoster 1.1 and 1.2 CSV files (1EdTech, *OneRoster: CSV Binding 1.2.1*), read as exporters write them.
//!
//! A role in them never gives custody, and nothing in them outranks the legal layer or staff.

pub mod classes;
pub mod demographics;
pub mod enrollments;
pub mod manifest;
pub mod orgs;
pub mod roles;
pub mod twice;
pub mod users;
pub mod words;

use super::header::{Guard, Shape, Words};

/// Other words that exporters have for columns that end or narrow. They are not read; the import stops at them.
const STATUS: Words = ("status", &["state", "rowStatus", "recordStatus", "statuskod", "statuskode"]);
const BEGIN: Words =
    ("beginDate", &["startDate", "begin", "start", "from", "validFrom", "från", "fra", "startdatum", "startdato"]);
const END: Words = (
    "endDate",
    &[
        "end",
        "ends",
        "stopDate",
        "until",
        "till",
        "til",
        "tom",
        "validTo",
        "expires",
        "slut",
        "slutt",
        "slutdatum",
        "slutdato",
        "sluttdato",
        "enddatum",
        "tillOchMed",
        "tilOgMed",
    ],
);
const ENABLED: Words =
    ("enabledUser", &["enabled", "isEnabled", "userEnabled", "active", "isActive", "aktiv", "aktiveret", "aktivert"]);
const ROLE: Words = ("role", &["userRole", "roleName", "roll", "rolle"]);
const PRIMARY: Words = ("primary", &["isPrimary", "primär", "primaryTeacher", "primær"]);
const TERMS: Words =
    ("termSourcedIds", &["terms", "termIds", "termSourcedId", "terminer", "academicSessionSourcedIds"]);

pub const MANIFEST: Shape = Shape {
    file: "manifest.csv",
    columns: &["propertyName", "value"],
    required: &["propertyName", "value"],
    guard: Guard::Narrowing(&[]),
};

pub const ORGS: Shape = Shape {
    file: "orgs.csv",
    columns: &["sourcedId", "status", "dateLastModified", "name", "type", "identifier", "parentSourcedId"],
    required: &["sourcedId", "name", "type"],
    guard: Guard::Narrowing(&[STATUS]),
};

pub const SESSIONS: Shape = Shape {
    file: "academicSessions.csv",
    columns: &[
        "sourcedId",
        "status",
        "dateLastModified",
        "title",
        "type",
        "startDate",
        "endDate",
        "parentSourcedId",
        "schoolYear",
    ],
    required: &["sourcedId", "startDate", "endDate"],
    guard: Guard::Narrowing(&[STATUS, END]),
};

pub const COURSES: Shape = Shape {
    file: "courses.csv",
    columns: &[
        "sourcedId",
        "status",
        "dateLastModified",
        "schoolYearSourcedId",
        "title",
        "courseCode",
        "grades",
        "orgSourcedId",
        "subjects",
        "subjectCodes",
    ],
    required: &["sourcedId"],
    guard: Guard::Narrowing(&[STATUS]),
};

pub const CLASSES: Shape = Shape {
    file: "classes.csv",
    columns: &[
        "sourcedId",
        "status",
        "dateLastModified",
        "title",
        "grades",
        "courseSourcedId",
        "classCode",
        "classType",
        "location",
        "schoolSourcedId",
        "termSourcedIds",
        "subjects",
        "subjectCodes",
        "periods",
    ],
    required: &["sourcedId", "title", "schoolSourcedId"],
    guard: Guard::Narrowing(&[STATUS, TERMS, ("classType", &["type"])]),
};

/// The columns of both versions: 1.1 has the role and the organisations here, 1.2 in roles.csv.
pub const USERS: Shape = Shape {
    file: "users.csv",
    columns: &[
        "sourcedId",
        "status",
        "dateLastModified",
        "enabledUser",
        "orgSourcedIds",
        "role",
        "username",
        "userIds",
        "givenName",
        "familyName",
        "middleName",
        "identifier",
        "email",
        "sms",
        "phone",
        "agentSourcedIds",
        "grades",
        "password",
        "userMasterIdentifier",
        "resourceSourcedIds",
        "preferredGivenName",
        "preferredMiddleName",
        "preferredFamilyName",
        "primaryOrgSourcedId",
        "pronouns",
        "metadata.preferredLanguage",
    ],
    required: &["sourcedId", "givenName", "familyName"],
    guard: Guard::Narrowing(&[STATUS, ENABLED, ROLE]),
};

pub const ROLES: Shape = Shape {
    file: "roles.csv",
    columns: &[
        "sourcedId",
        "status",
        "dateLastModified",
        "userSourcedId",
        "roleType",
        "role",
        "beginDate",
        "endDate",
        "orgSourcedId",
        "userProfileSourcedId",
    ],
    required: &["userSourcedId", "role", "orgSourcedId"],
    guard: Guard::Narrowing(&[STATUS, BEGIN, END]),
};

pub const DEMOGRAPHICS: Shape = Shape {
    file: "demographics.csv",
    columns: &[
        "sourcedId",
        "status",
        "dateLastModified",
        "birthDate",
        "sex",
        "americanIndianOrAlaskaNative",
        "asian",
        "blackOrAfricanAmerican",
        "nativeHawaiianOrOtherPacificIslander",
        "white",
        "demographicRaceTwoOrMoreRaces",
        "hispanicOrLatinoEthnicity",
        "countryOfBirthCode",
        "stateOfBirthAbbreviation",
        "cityOfBirth",
        "publicSchoolResidenceStatus",
    ],
    required: &["sourcedId", "birthDate"],
    guard: Guard::Narrowing(&[STATUS]),
};

pub const ENROLLMENTS: Shape = Shape {
    file: "enrollments.csv",
    columns: &[
        "sourcedId",
        "status",
        "dateLastModified",
        "classSourcedId",
        "schoolSourcedId",
        "userSourcedId",
        "role",
        "primary",
        "beginDate",
        "endDate",
    ],
    required: &["classSourcedId", "userSourcedId", "role"],
    guard: Guard::Narrowing(&[STATUS, BEGIN, END, ROLE, PRIMARY]),
};

/// Files of the standard that say nothing that Skolebro needs.
pub const NOT_NEEDED: &[&str] = &[
    "userprofiles.csv",
    "userresources.csv",
    "resources.csv",
    "classresources.csv",
    "courseresources.csv",
    "categories.csv",
    "lineitems.csv",
    "lineitemlearningobjectiveids.csv",
    "lineitemscorescales.csv",
    "results.csv",
    "resultlearningobjectiveids.csv",
    "resultscorescales.csv",
    "scorescales.csv",
    "scores.csv",
];
