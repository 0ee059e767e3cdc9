-- What each row of an organiser's source system said when it was last imported, by its file and its id there: a row that
-- comes again, changed, takes back what it gave, and a person whose id changes is known by what does not.

CREATE TABLE source_row (
    organiser TEXT NOT NULL,
    file TEXT NOT NULL,
    id TEXT NOT NULL,
    said TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (organiser, file, id)
) STRICT, WITHOUT ROWID;
