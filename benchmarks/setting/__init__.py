"""What a benchmark is run in: the subjects, the load, the station with its crowd, the machine."""
