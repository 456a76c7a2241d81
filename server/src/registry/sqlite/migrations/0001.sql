-- One row for each physical card: both APIs look at it.
-- Times are counted in 100 ns since 1970-01-01T00:00:00Z. GUIDs are lower-case text without braces.
-- state is the number of cardwright_core::lifecycle::State.

CREATE TABLE role (
    name         TEXT PRIMARY KEY,
    privileges   INTEGER NOT NULL, -- CertiFlow: bit n is Privilege number n
    permissions  INTEGER NOT NULL  -- MIM: bit n is Permission number n
) STRICT, WITHOUT ROWID;

CREATE TABLE account (
    name       TEXT PRIMARY KEY COLLATE NOCASE,
    password   TEXT NOT NULL,      -- PHC string
    role       TEXT NOT NULL REFERENCES role (name),
    user_uuid  TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- What both systems set for a kind of card. policy_id and policy_name are its names in CertiFlow.
CREATE TABLE profile_template (
    uuid         TEXT PRIMARY KEY,
    name         TEXT NOT NULL,
    version      INTEGER NOT NULL,
    policy_id    INTEGER NOT NULL,
    policy_name  TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- A missing row means that the template does not allow this kind of request.
CREATE TABLE template_policy (
    template               TEXT NOT NULL REFERENCES profile_template (uuid),
    kind                   INTEGER NOT NULL, -- cardwright_core::mim::RequestKind
    approvals              INTEGER NOT NULL,
    flags                  INTEGER NOT NULL,
    data_collection_flags  INTEGER NOT NULL,
    data_items             TEXT NOT NULL,    -- JSON list of the questions
    security_descriptor    TEXT NOT NULL,
    priority               INTEGER NOT NULL,
    is_enrollment_agent    INTEGER NOT NULL,
    is_data_complete       INTEGER NOT NULL,
    PRIMARY KEY (template, kind)
) STRICT, WITHOUT ROWID;

CREATE TABLE card (
    id                 INTEGER PRIMARY KEY,
    state              INTEGER NOT NULL CHECK (state BETWEEN 1 AND 7),
    serial_number      TEXT NOT NULL COLLATE NOCASE,
    card_type_name     TEXT,
    card_model_name    TEXT,
    atr                TEXT,
    label              TEXT,
    comment            TEXT,
    tags               TEXT NOT NULL DEFAULT '[]',
    form_factor        TEXT,
    pac_number         TEXT,
    expiration_date    INTEGER,
    time_issued        INTEGER,
    time_disabled      INTEGER,
    time_updated       INTEGER,
    time_revoked       INTEGER,
    user_uuid          TEXT,
    user_name          TEXT COLLATE NOCASE,
    user_upn           TEXT COLLATE NOCASE,
    policy_id          INTEGER,
    policy_name        TEXT,
    revocation_reason  INTEGER,
    -- MIM CM's profile of the card. uuid changes when the card is given to somebody anew.
    uuid               TEXT NOT NULL UNIQUE,
    card_id            TEXT UNIQUE,      -- the card's own GUID
    profile_uuid       TEXT NOT NULL,
    flags              INTEGER NOT NULL DEFAULT 1,
    parent_uuid        TEXT,
    primary_uuid       TEXT,
    permanent_uuid     TEXT,
    template           TEXT REFERENCES profile_template (uuid),
    template_version   INTEGER NOT NULL DEFAULT 0,
    mim_comment        TEXT NOT NULL DEFAULT '',
    middleware         TEXT NOT NULL DEFAULT 'MSBaseCSP'
) STRICT;

CREATE INDEX card_serial_number ON card (serial_number);
CREATE INDEX card_state ON card (state);
CREATE INDEX card_user_name ON card (user_name);
CREATE INDEX card_user_upn ON card (user_upn);
CREATE INDEX card_user_uuid ON card (user_uuid);

CREATE TABLE certificate (
    id             INTEGER PRIMARY KEY,
    card           INTEGER NOT NULL REFERENCES card (id) ON DELETE CASCADE,
    type           INTEGER NOT NULL, -- cardwright_core::certiflow::CertificateType
    serial_number  TEXT NOT NULL,
    thumbprint     TEXT NOT NULL,
    subject        TEXT NOT NULL,
    issuer         TEXT NOT NULL,
    valid_to       INTEGER NOT NULL
) STRICT;

CREATE INDEX certificate_card ON certificate (card);
CREATE INDEX certificate_valid_to ON certificate (type, valid_to, card);

CREATE TABLE request (
    uuid                   TEXT PRIMARY KEY,
    kind                   INTEGER NOT NULL, -- cardwright_core::mim::RequestKind
    status                 INTEGER NOT NULL, -- cardwright_core::mim::RequestStatus
    flags                  INTEGER NOT NULL,
    data_collection        TEXT NOT NULL,    -- JSON list of [question, answer or null]
    data_collection_flags  INTEGER NOT NULL,
    originator             TEXT NOT NULL,
    target                 TEXT NOT NULL,
    submitted              INTEGER NOT NULL,
    completed              INTEGER,
    new_profile            TEXT,
    old_profile            TEXT,
    new_smartcard          TEXT,
    old_smartcard          TEXT,
    priority               INTEGER NOT NULL,
    comment                TEXT NOT NULL,
    template               TEXT NOT NULL REFERENCES profile_template (uuid),
    security_descriptor    TEXT NOT NULL,
    is_smartcard           INTEGER NOT NULL,
    is_enrollment_agent    INTEGER NOT NULL,
    is_data_complete       INTEGER NOT NULL,
    card                   INTEGER REFERENCES card (id), -- the card it is about, or the one given to it
    carried_out            INTEGER NOT NULL DEFAULT 0    -- whether the card's status was set
) STRICT;

CREATE INDEX request_card ON request (card);

-- Written in the same transaction as what it tells of, and never changed.
CREATE TABLE audit (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    time          INTEGER NOT NULL,
    account       TEXT NOT NULL,
    system        TEXT NOT NULL,    -- the name of the system, '' for neither
    operation     TEXT NOT NULL,
    card          INTEGER,
    uuid          TEXT,
    state_before  INTEGER,
    state_after   INTEGER,
    note          TEXT NOT NULL,
    outcome       TEXT NOT NULL CHECK (outcome IN ('done', 'refused')),
    request       TEXT
) STRICT;

CREATE INDEX audit_card ON audit (card);
