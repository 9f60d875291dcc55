"""Which tables a backup holds, and their rows as JSON, the same from every database."""

from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.apps.registry import Apps
from django.db import connection, models
from django.db.models.functions import Cast
from django.utils.duration import duration_string

from comparison.backup.archive import Row, batches

LEFT_OUT = {  # models, with what a restore means for them
    "sessions.Session": "sessions: everybody signs in again after a restore",
    "comparison.TryCount": "counts of logins and other tries: a restore neither locks nor frees anybody",
    "comparison.LastWrite": "the trace of probes",
}
CHUNK_SIZE = 2000  # rows
CONVERTED = (
    models.DateField,  # and DateTimeField
    models.TimeField,
    models.DurationField,
    models.DecimalField,
    models.UUIDField,
    models.BinaryField,
)

Model = type[models.Model]
Field = models.Field


def stored_models(registry: Apps) -> list[Model]:
    every = registry.get_models(include_auto_created=True)
    kept = [model for model in every if model._meta.managed and model._meta.label not in LEFT_OUT]
    return sorted((model for model in kept if not model._meta.proxy), key=lambda model: model._meta.db_table)


def columns(model: Model) -> list[Field]:
    return [field for field in model._meta.local_concrete_fields if not getattr(field, "generated", False)]


def column_names(model: Model) -> list[str]:
    return [str(field.column) for field in columns(model)]


def read_rows(model: Model) -> Iterator[Row]:
    # JSON is read as the text that the database holds: reading it as values could change it.
    values = [Cast(f.attname, models.TextField()) if is_json(f) else models.F(f.attname) for f in columns(model)]
    names = [f"column_{number}" for number in range(len(values))]
    rows = model._base_manager.order_by("pk").annotate(**dict(zip(names, values, strict=True))).values_list(*names)
    for row in rows.iterator(chunk_size=CHUNK_SIZE):
        yield [portable(value) for value in row]


def is_json(field: Field) -> bool:
    return isinstance(field, models.JSONField)


def portable(value: Any) -> Any:
    """A value of a row as JSON holds it, so that the field's `to_python` reads it back exactly."""
    match value:
        case None | bool() | int() | float() | str():
            return value
        case date() | time():
            return value.isoformat()
        case Decimal() | UUID():
            return str(value)
        case timedelta():
            return duration_string(value)
        case bytes() | memoryview():
            return b64encode(value).decode()
    raise TypeError(f"{type(value).__name__} has no form in a backup.")


def write_rows(model: Model, names: Sequence[str], rows: Iterable[Row]) -> None:
    """Adds rows to a table; `names` are the columns in the order of the rows' values."""
    quote = connection.ops.quote_name
    columns_sql = f"{quote(model._meta.db_table)} ({', '.join(map(quote, names))})"
    converted = _converted(model, names, rows)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with connection.wrap_database_errors, cursor.cursor.copy(f"COPY {columns_sql} FROM STDIN") as copy:
                for row in converted:
                    copy.write_row(row)
            return
        holes = ", ".join(["%s"] * len(names))
        for batch in batches(converted):
            cursor.executemany(f"INSERT INTO {columns_sql} VALUES ({holes})", batch)  # noqa: S608 - quoted names of our tables


def _converted(model: Model, names: Sequence[str], rows: Iterable[Row]) -> Iterator[Row]:
    """Rows as the database takes them; most columns take what JSON holds."""
    by_name = {field.column: _converter(field) for field in columns(model)}
    converters = {number: convert for number, name in enumerate(names) if (convert := by_name[name])}
    for row in rows:
        for number, convert in converters.items():
            if row[number] is not None:
                row[number] = convert(row[number])
        yield row


def _converter(field: Field) -> Callable[[Any], Any] | None:
    target: Any = getattr(field, "target_field", field)
    if not isinstance(target, CONVERTED):
        return None
    return lambda value: target.get_db_prep_save(target.to_python(value), connection)


def delete_rows(model: Model) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {connection.ops.quote_name(model._meta.db_table)}")  # noqa: S608 - likewise
