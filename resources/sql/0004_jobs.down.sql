DROP TABLE job_piece;
DROP TABLE job;
