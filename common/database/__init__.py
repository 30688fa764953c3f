"""The database: engine, models, schema version and migrations. It knows no rule of the station."""
