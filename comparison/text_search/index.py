"""The index for searching claims, kept by triggers, so that every way of writing a claim keeps it right.

No migration makes it: Django drops a table's triggers where it makes the table anew. Instead it is looked after every
`migrate` whether all is as it should be; if not, it is made and filled again.
"""

from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from comparison.text_search import postgresql, sqlite

SEARCHED = {"id", "statement", "item", "section", "quote"}
NO_EXTENSION = (
    "PostgreSQL's extension pg_trgm is missing and may not be added here, so searches read all claims through. They"
    " find the same, slowly from some hundred thousand claims on. Let an administrator of the database run"
    " CREATE EXTENSION pg_trgm, then run migrate again."
)


def keep_index(using: str) -> str:
    """Makes the index of a database what it should be; returns what its operator should know, or nothing."""
    connection = connections[using]
    if not _has_claims(connection):
        return ""
    with transaction.atomic(using=using), connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            sqlite.keep(cursor)
            return ""
        postgresql.keep(cursor)
        return "" if postgresql.keep_trigrams(cursor) else NO_EXTENSION


def _has_claims(connection: BaseDatabaseWrapper) -> bool:
    """Whether the claims' table is there with all columns that are searched, which old migrations lack."""
    with connection.cursor() as cursor:
        if "comparison_claim" not in connection.introspection.table_names(cursor):
            return False
        columns = connection.introspection.get_table_description(cursor, "comparison_claim")
    return {column.name for column in columns} >= SEARCHED
