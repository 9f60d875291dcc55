"""What a backup or the database holds, in words."""

from collections.abc import Callable

from django.contrib.auth.models import User

from comparison.backup.archive import Manifest
from comparison.backup.rows import Model
from comparison.models import Claim, Edition, Snapshot, Source

COUNTED: dict[Model, tuple[str, str]] = {
    Source: ("source", "sources"),
    Claim: ("claim", "claims"),
    User: ("user", "users"),
    Snapshot: ("kept answer", "kept answers"),
}


def manifest_words(manifest: Manifest) -> str:
    counts = {entry.name: entry.rows for entry in manifest.tables}
    return _words(manifest.edition, lambda model: counts.get(model._meta.db_table, 0))


def database_words() -> str:
    return _words(Edition.objects.current().number, lambda model: model._base_manager.count())


def _words(edition: int, count: Callable[[Model], int]) -> str:
    counts = [(count(model), words) for model, words in COUNTED.items()]
    return f"edition {edition}, " + ", ".join(f"{number:,} {words[number != 1]}" for number, words in counts)
