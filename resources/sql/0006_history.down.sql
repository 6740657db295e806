DROP TABLE ended_request;
DROP TABLE history_span;
