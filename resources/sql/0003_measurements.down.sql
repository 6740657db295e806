DROP TABLE model_measurement;
