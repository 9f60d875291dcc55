"""The last ids that tables gave out. No id is given out twice, not even if a restore removed the row that had it."""

from django.db import connection, models

from comparison.backup.rows import Model


def last_id(model: Model) -> int | None:
    """None for tables whose rows have no numbers of their own, and before the first row."""
    if not isinstance(model._meta.pk, models.AutoField | models.BigAutoField | models.SmallAutoField):
        return None
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_sequence_last_value(pg_get_serial_sequence(%s, %s)::regclass)", _id_column(model))
        else:
            cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [model._meta.db_table])
        row = cursor.fetchone()
    return row[0] if row else None


def continue_after(model: Model, *numbers: int | None) -> None:
    """Lets a table give out ids after the highest of these numbers. Nothing happens if there is none."""
    highest = max((number for number in numbers if number is not None), default=0)
    if not highest:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT setval(pg_get_serial_sequence(%s, %s), %s)", [*_id_column(model), highest])
            return
        table = model._meta.db_table
        cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table])
        cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, highest])


def _id_column(model: Model) -> list[str]:
    return [connection.ops.quote_name(model._meta.db_table), str(model._meta.pk.column)]
