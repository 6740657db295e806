-- What each key has used of its quota of compute a day: so many seconds of those allowed, at that time (milliseconds
-- since 1970 in UTC). It comes back steadily, so that an old row says less and less.
CREATE TABLE access_quota_use (
    name        TEXT    NOT NULL PRIMARY KEY,
    allowed     DOUBLE PRECISION NOT NULL,
    used        DOUBLE PRECISION NOT NULL,
    at          BIGINT  NOT NULL
);
