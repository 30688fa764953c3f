"""The database: engine, models, schema version and migrations. It knows none of the station's rules."""
