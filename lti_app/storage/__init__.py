"""SQL storage: one schema, one set of tests, SQLite and PostgreSQL. Only this room imports SQLAlchemy."""
