//! The columns of every table: OneRoster 1.2's in the order of its CSV binding (1EdTech, *OneRoster: CSV Binding 1.2.1*),
//! then those of the legal layer. Must agree with what the import reads (`skolebro_server::roster`).

pub(super) const MANIFEST: [&str; 2] = ["propertyName", "value"];

pub(super) const ORGS: [&str; 7] =
    ["sourcedId", "status", "dateLastModified", "name", "type", "identifier", "parentSourcedId"];

pub(super) const ACADEMIC_SESSIONS: [&str; 9] = [
    "sourcedId",
    "status",
    "dateLastModified",
    "title",
    "type",
    "startDate",
    "endDate",
    "parentSourcedId",
    "schoolYear",
];

pub(super) const COURSES: [&str; 10] = [
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
];

pub(super) const CLASSES: [&str; 14] = [
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
];

pub(super) const USERS: [&str; 23] = [
    "sourcedId",
    "status",
    "dateLastModified",
    "enabledUser",
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
];

pub(super) const ROLES: [&str; 10] = [
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
];

pub(super) const ENROLLMENTS: [&str; 10] = [
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
];

/// Of these only the birth date is filled in: the rest is not asked in Nordic schools.
pub(super) const DEMOGRAPHICS: [&str; 16] = [
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
];

pub(super) const LEGAL: [&str; 14] = [
    "pupil",
    "person",
    "given_name",
    "family_name",
    "kind",
    "from",
    "until",
    "topics",
    "confirmed",
    "block",
    "protected_identity",
    "language",
    "birth_date",
    "consent_until",
];

pub(super) const STAFF: [&str; 6] = ["person", "role", "school", "group", "from", "until"];

pub(super) const SCHOOL: [&str; 5] = ["school", "time_zone", "phone", "language", "form"];
