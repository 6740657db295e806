DROP INDEX model_file_sha256;
DROP INDEX model_tag_tag;
DROP INDEX model_created_at;
DROP INDEX model_version_created_at;
DROP INDEX model_version_status;
DROP INDEX model_version_task_type_status;
DROP INDEX model_version_current;
