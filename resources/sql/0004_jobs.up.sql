-- Jobs that were accepted and not forgotten yet. Times are milliseconds since 1970 in UTC, NULL where there is none.
-- Inputs and results are files in jobs/ beside the database. error is the public message Error as JSON.
CREATE TABLE job (
    id                  INTEGER PRIMARY KEY,
    job_id              TEXT    NOT NULL UNIQUE,
    client              TEXT    NOT NULL,
    model_key           TEXT    NOT NULL,
    model_id            TEXT    NOT NULL,
    status              TEXT    NOT NULL CHECK (status IN ('queued', 'processing', 'completed', 'failed', 'cancelled')),
    priority            INTEGER NOT NULL,
    idempotency_key     TEXT    NOT NULL DEFAULT '',
    content_sha256      TEXT    NOT NULL,
    inputs_total        BIGINT  NOT NULL CHECK (inputs_total > 0),
    inputs_done         BIGINT  NOT NULL DEFAULT 0,
    pieces              INTEGER NOT NULL CHECK (pieces > 0),
    attempts            INTEGER NOT NULL DEFAULT 0,
    payload_bytes       BIGINT  NOT NULL,
    keep_seconds        BIGINT  NOT NULL CHECK (keep_seconds > 0),
    created_at          BIGINT  NOT NULL,
    started_at          BIGINT,
    completed_at        BIGINT,
    expires_at          BIGINT,
    result_bytes        BIGINT  NOT NULL DEFAULT 0,
    result_sha256       TEXT    NOT NULL DEFAULT '',
    result_removed      INTEGER NOT NULL DEFAULT 0 CHECK (result_removed IN (0, 1)),
    error               TEXT    NOT NULL DEFAULT '',
    webhook_url         TEXT    NOT NULL DEFAULT '',
    webhook_secret      TEXT    NOT NULL DEFAULT '',
    webhook_attempts    INTEGER NOT NULL DEFAULT 0,
    webhook_delivered   INTEGER NOT NULL DEFAULT 0 CHECK (webhook_delivered IN (0, 1)),
    webhook_error       TEXT    NOT NULL DEFAULT '',
    webhook_due_at      BIGINT
);

-- The pieces of unfinished jobs that were ever started: how often, and where their results lie in the job's parts file.
CREATE TABLE job_piece (
    job_id      INTEGER NOT NULL REFERENCES job (id) ON DELETE CASCADE,
    piece       INTEGER NOT NULL,
    starts      INTEGER NOT NULL DEFAULT 0,
    begins_at   BIGINT,
    ends_at     BIGINT,
    PRIMARY KEY (job_id, piece)
);

CREATE UNIQUE INDEX job_idempotency_key ON job (client, idempotency_key) WHERE idempotency_key <> '';
CREATE INDEX job_status ON job (status);
CREATE INDEX job_model_id ON job (model_id);
CREATE INDEX job_client ON job (client);
CREATE INDEX job_expires_at ON job (expires_at) WHERE expires_at IS NOT NULL;
CREATE INDEX job_webhook_due_at ON job (webhook_due_at) WHERE webhook_due_at IS NOT NULL;
