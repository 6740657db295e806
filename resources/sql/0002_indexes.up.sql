-- A model has at most one current version; the store sees to "at least one".
CREATE UNIQUE INDEX model_version_current ON model_version (model_id) WHERE is_current = 1;
CREATE INDEX model_version_task_type_status ON model_version (task_type, status);
CREATE INDEX model_version_status ON model_version (status);
CREATE INDEX model_version_created_at ON model_version (created_at);
CREATE INDEX model_created_at ON model (created_at);
CREATE INDEX model_tag_tag ON model_tag (tag);
CREATE INDEX model_file_sha256 ON model_file (sha256);
