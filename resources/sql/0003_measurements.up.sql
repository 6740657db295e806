-- What the last load of a version took, by the device and precision it ran in; 0 is "not measured".
CREATE TABLE model_measurement (
    model_version_id  INTEGER NOT NULL REFERENCES model_version (id) ON DELETE CASCADE,
    device            TEXT    NOT NULL,
    dtype             TEXT    NOT NULL,
    predicted_bytes   BIGINT  NOT NULL DEFAULT 0 CHECK (predicted_bytes >= 0),
    measured_bytes    BIGINT  NOT NULL DEFAULT 0 CHECK (measured_bytes >= 0),
    device_bytes      BIGINT  NOT NULL DEFAULT 0 CHECK (device_bytes >= 0),
    weights_bytes     BIGINT  NOT NULL DEFAULT 0 CHECK (weights_bytes >= 0),
    peak_bytes        BIGINT  NOT NULL DEFAULT 0 CHECK (peak_bytes >= 0),
    activation_bytes  BIGINT  NOT NULL DEFAULT 0 CHECK (activation_bytes >= 0),
    load_ms           DOUBLE PRECISION NOT NULL DEFAULT 0 CHECK (load_ms >= 0),
    uses              BIGINT  NOT NULL DEFAULT 0 CHECK (uses >= 0),
    last_used_at      BIGINT  NOT NULL DEFAULT 0,
    updated_at        BIGINT  NOT NULL,
    PRIMARY KEY (model_version_id, device, dtype)
);
