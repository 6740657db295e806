-- Times are milliseconds since 1970 in UTC; config is JSON; 0 in a resource is "not given".
CREATE TABLE model (
    id          INTEGER PRIMARY KEY,
    model_id    TEXT    NOT NULL UNIQUE,
    revision    BIGINT  NOT NULL CHECK (revision > 0),
    created_at  BIGINT  NOT NULL,
    updated_at  BIGINT  NOT NULL
);

CREATE TABLE model_version (
    id                  INTEGER PRIMARY KEY,
    model_id            INTEGER NOT NULL REFERENCES model (id) ON DELETE CASCADE,
    version             TEXT    NOT NULL,
    is_current          INTEGER NOT NULL DEFAULT 0 CHECK (is_current IN (0, 1)),
    is_deprecated       INTEGER NOT NULL DEFAULT 0 CHECK (is_deprecated IN (0, 1)),
    deprecation_reason  TEXT    NOT NULL DEFAULT '',
    task_type           TEXT    NOT NULL,
    display_name        TEXT    NOT NULL,
    description         TEXT    NOT NULL DEFAULT '',
    status              TEXT    NOT NULL CHECK (status IN ('registered', 'downloading', 'ready', 'failed')),
    status_message      TEXT    NOT NULL DEFAULT '',
    source_url          TEXT    NOT NULL DEFAULT '',
    path                TEXT    NOT NULL DEFAULT '',
    config              TEXT    NOT NULL DEFAULT '{}',
    memory_mb           INTEGER NOT NULL DEFAULT 0 CHECK (memory_mb >= 0),
    gpu_vram_mb         INTEGER NOT NULL DEFAULT 0 CHECK (gpu_vram_mb >= 0),
    cpu_threads         INTEGER NOT NULL DEFAULT 0 CHECK (cpu_threads >= 0),
    checksum            TEXT    NOT NULL DEFAULT '',
    total_bytes         BIGINT  NOT NULL DEFAULT 0 CHECK (total_bytes >= 0),
    architecture        TEXT    NOT NULL DEFAULT '',
    created_at          BIGINT  NOT NULL,
    updated_at          BIGINT  NOT NULL,
    UNIQUE (model_id, version),
    CHECK (is_current = 0 OR is_deprecated = 0)
);

CREATE TABLE model_file (
    id                INTEGER PRIMARY KEY,
    model_version_id  INTEGER NOT NULL REFERENCES model_version (id) ON DELETE CASCADE,
    path              TEXT    NOT NULL,
    bytes             BIGINT  NOT NULL CHECK (bytes >= 0),
    sha256            TEXT    NOT NULL,
    UNIQUE (model_version_id, path)
);

CREATE TABLE model_tag (
    id                INTEGER PRIMARY KEY,
    model_version_id  INTEGER NOT NULL REFERENCES model_version (id) ON DELETE CASCADE,
    tag               TEXT    NOT NULL,
    UNIQUE (model_version_id, tag)
);
