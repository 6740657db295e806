-- What happened over time. Times are milliseconds since 1970 in UTC.
-- One row for each span of time: the message modelmora.history.v1.Span. The oldest of each resolution go.
CREATE TABLE history_span (
    resolution_seconds  INTEGER NOT NULL,
    begins_at           BIGINT  NOT NULL,
    data                BLOB    NOT NULL,
    PRIMARY KEY (resolution_seconds, begins_at)
);

-- Requests that failed or were slow: the public message QueueEntry, and what it is looked for by. The oldest go.
CREATE TABLE ended_request (
    id           INTEGER PRIMARY KEY,
    request_id   TEXT    NOT NULL,
    finished_at  BIGINT  NOT NULL,
    model_id     TEXT    NOT NULL,
    client       TEXT    NOT NULL,
    state        INTEGER NOT NULL,
    error_code   TEXT    NOT NULL DEFAULT '',
    total_ms     DOUBLE PRECISION NOT NULL,
    entry        BLOB    NOT NULL
);

CREATE INDEX ended_request_finished_at ON ended_request (finished_at);
CREATE INDEX ended_request_model_id ON ended_request (model_id, finished_at);
CREATE INDEX ended_request_client ON ended_request (client, finished_at);
