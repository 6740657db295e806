DROP TABLE access_quota_use;
