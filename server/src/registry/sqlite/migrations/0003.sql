-- Who has approved a request. A request is approved when as many accounts have as its template asks for.
CREATE TABLE approval (
    request  TEXT NOT NULL REFERENCES request (uuid),
    account  TEXT NOT NULL COLLATE NOCASE,
    time     INTEGER NOT NULL,
    PRIMARY KEY (request, account)
) STRICT, WITHOUT ROWID;
