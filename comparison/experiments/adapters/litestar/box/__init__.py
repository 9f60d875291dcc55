"""How the tasks of the experiments in `programs/box` are done with the framework."""

SQLALCHEMY = "its support for SQLAlchemy needs and the extra “sqlalchemy” would bring"
STANDARD = "the extra “standard” would bring"
