DROP TABLE audit_record;
DROP TABLE access_revision;
DROP TABLE access_key;
