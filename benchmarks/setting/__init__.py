"""The environment of a benchmark: the subjects, the load, the station with its crowd, the machine."""
