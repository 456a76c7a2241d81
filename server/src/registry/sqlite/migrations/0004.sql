-- Who a bearer of tokens is: issuer and subject (RFC 7519, 4.1.2). NULL for an account of the server.
ALTER TABLE audit ADD COLUMN issuer TEXT;
ALTER TABLE audit ADD COLUMN subject TEXT;
CREATE INDEX audit_account ON audit (account);

-- A disabled account cannot sign in, and stays where the logs name it.
ALTER TABLE account ADD COLUMN disabled INTEGER NOT NULL DEFAULT 0;

CREATE INDEX request_status ON request (status, submitted, uuid);
CREATE INDEX request_target ON request (target);
CREATE INDEX request_submitted ON request (submitted, uuid);
CREATE INDEX request_old_smartcard ON request (old_smartcard);

-- An approval counts once for each issuer and subject, or for each account, which has no issuer. The names
-- of bearers under earlier versions begin with token:, and stay accounts here.
ALTER TABLE approval RENAME TO approval_by_name;
CREATE TABLE approval (
    request  TEXT NOT NULL REFERENCES request (uuid),
    issuer   TEXT NOT NULL,
    subject  TEXT NOT NULL,
    name     TEXT NOT NULL,
    time     INTEGER NOT NULL,
    PRIMARY KEY (request, issuer, subject)
) STRICT, WITHOUT ROWID;
INSERT INTO approval (request, issuer, subject, name, time)
    SELECT request, '', account, account, time FROM approval_by_name;
DROP TABLE approval_by_name;

-- What is written to learn whether anything can be.
CREATE TABLE probe (
    id    INTEGER PRIMARY KEY,
    time  INTEGER NOT NULL
) STRICT;
