DROP TABLE model_tag;
DROP TABLE model_file;
DROP TABLE model_version;
DROP TABLE model;
