-- API keys. Of a secret there is only its SHA-256: it is 256 random bits, which nobody can guess and no slow hash would
-- protect any better. Times are milliseconds since 1970 in UTC, NULL where there is none; so are limits.
CREATE TABLE access_key (
    id                  INTEGER PRIMARY KEY,
    key_id              TEXT    NOT NULL UNIQUE,
    name                TEXT    NOT NULL,
    role                TEXT    NOT NULL,
    models              TEXT    NOT NULL DEFAULT '',
    max_priority        INTEGER NOT NULL DEFAULT 0,
    requests_per_minute INTEGER,
    compute_per_minute  DOUBLE PRECISION,
    compute_per_day     DOUBLE PRECISION,
    secret_sha256       TEXT    NOT NULL UNIQUE,
    secret_begins       TEXT    NOT NULL,
    old_sha256          TEXT    NOT NULL DEFAULT '',
    old_until           BIGINT,
    created_at          BIGINT  NOT NULL,
    created_by          TEXT    NOT NULL,
    expires_at          BIGINT,
    rotated_at          BIGINT,
    revoked_at          BIGINT
);

-- Of those that are not revoked, none has the name of another.
CREATE UNIQUE INDEX access_key_name ON access_key (name) WHERE revoked_at IS NULL;

-- Counts the changes of access_key, so that a running engine sees those that others make.
CREATE TABLE access_revision (
    id          INTEGER PRIMARY KEY CHECK (id = 1),
    revision    BIGINT  NOT NULL
);

INSERT INTO access_revision (id, revision) VALUES (1, 1);

-- Who ordered or was refused what. Each hash covers its record and the hash before it. AUTOINCREMENT remembers the
-- highest number there ever was, so that records which vanish from the end are missed too.
CREATE TABLE audit_record (
    number      INTEGER PRIMARY KEY AUTOINCREMENT,
    at          BIGINT  NOT NULL,
    client      TEXT    NOT NULL,
    kind        TEXT    NOT NULL,
    role        TEXT    NOT NULL,
    action      TEXT    NOT NULL,
    target      TEXT    NOT NULL,
    outcome     TEXT    NOT NULL,
    error_code  TEXT    NOT NULL,
    message     TEXT    NOT NULL,
    hash        TEXT    NOT NULL
);

CREATE TRIGGER audit_record_stays BEFORE DELETE ON audit_record BEGIN SELECT RAISE(ABORT, 'the audit only grows'); END;

CREATE TRIGGER audit_record_holds BEFORE UPDATE ON audit_record BEGIN SELECT RAISE(ABORT, 'the audit only grows'); END;
