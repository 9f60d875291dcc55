"""What is wrong with a database that fails, in words for editors and operators, without what the server said.

Errors of the code, such as a violated constraint, are no faults of the database and are left alone.
"""

from typing import NamedTuple

from django.db import DatabaseError, InterfaceError

DATABASE_ERRORS = (DatabaseError, InterfaceError)


class Fault(NamedTuple):
    problem: str
    remedy: str  # for the operator
    passes: bool = False  # trying again soon is enough


AWAY = Fault("The database does not answer.", "Start it, or mend DATABASE_URL and the network between.")
FULL = Fault("The disk of the database is full.", "Free space on the disk that holds the database.")
READ_ONLY = Fault(
    "The database can only be read.", "Let the site write to it: the file and its folder, or the server's settings."
)
BUSY = Fault("The database is busy with other changes.", "Wait; if it lasts, look for a long import.", passes=True)
SLOW = Fault("The database took too long.", "Wait; if it lasts, look at the load of the database.", passes=True)
CROWDED = Fault(
    "The database accepts no more connections.", "Allow more connections, or run fewer workers.", passes=True
)
DAMAGED = Fault("The database is damaged.", "Stop the site and restore a backup.")
BROKEN_DISK = Fault("The disk of the database fails.", "Look whether it is full, then at the system's log.")
UNREADABLE = Fault("The database cannot be opened.", "Look at DATABASE_URL, and who may read the file and its folder.")
NO_SCHEMA = Fault("Tables of the database are missing.", "Run: manage.py migrate, then restart the site.")

SQLITE = {
    "SQLITE_FULL": FULL,
    "SQLITE_READONLY": READ_ONLY,
    "SQLITE_BUSY": BUSY,
    "SQLITE_LOCKED": BUSY,
    "SQLITE_IOERR": BROKEN_DISK,
    "SQLITE_CANTOPEN": UNREADABLE,
    "SQLITE_CORRUPT": DAMAGED,
    "SQLITE_NOTADB": DAMAGED,
}
POSTGRES = {  # SQLSTATE, or the class it begins with
    "08": AWAY,
    "25006": READ_ONLY,
    "28": AWAY,  # password refused
    "3D000": AWAY,  # no such database
    "40": BUSY,  # deadlocks and serialization failures
    "42703": NO_SCHEMA,
    "42P01": NO_SCHEMA,
    "53100": FULL,
    "53200": SLOW,
    "53300": CROWDED,
    "55P03": BUSY,
    "57014": SLOW,
    "57P": AWAY,
    "58": BROKEN_DISK,
    "XX001": DAMAGED,
    "XX002": DAMAGED,
}


def fault_of(error: BaseException | None) -> Fault | None:
    """The fault of the database behind an exception; None if it is another error."""
    if not isinstance(error, DATABASE_ERRORS):
        return None
    cause = error.__cause__
    sqlite_name = getattr(cause, "sqlite_errorname", None)
    if sqlite_name is not None:
        return _sqlite_fault(sqlite_name, str(cause))
    state = getattr(cause, "sqlstate", None)
    if state is not None:
        return next((POSTGRES[state[:length]] for length in (5, 3, 2) if state[:length] in POSTGRES), None)
    # Without a code it is the connection that failed.
    return AWAY if type(error).__name__ in {"OperationalError", "InterfaceError"} else None


def _sqlite_fault(name: str, message: str) -> Fault | None:
    if name == "SQLITE_ERROR":
        return NO_SCHEMA if message.startswith(("no such table", "no such column")) else None
    return next((fault for prefix, fault in SQLITE.items() if name.startswith(prefix)), None)
