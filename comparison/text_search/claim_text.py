"""The folded texts of claims, which triggers of the database keep (see index.py), as a model to search by."""

from collections.abc import Sequence
from typing import Any

from django.db import models
from django.db.models.lookups import Lookup

from comparison.text_search.folding import GRAM


class FoldedField(models.TextField):
    """Text as folding.fold() makes it; looked up with `holds`, by a list of needles."""


@FoldedField.register_lookup
class Holds(Lookup):
    """All needles occur in the text. What users type reaches the database as a parameter, quoted or escaped."""

    lookup_name = "holds"
    prepare_rhs = False

    def as_sqlite(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        column, params = self.process_lhs(compiler, connection)
        indexed = [needle for needle in self.rhs if len(needle) >= GRAM]
        conditions = [f"INSTR({column}, %s) > 0" for needle in self.rhs if needle not in indexed]
        values: list[Any] = [needle for needle in self.rhs if needle not in indexed]
        if indexed:
            conditions.insert(0, f"{column} MATCH %s")
            values.insert(0, full_text_query(indexed))
        return " AND ".join(conditions), [*params, *values]

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        column, params = self.process_lhs(compiler, connection)
        patterns = [f"%{like_escaped(needle)}%" for needle in self.rhs]
        return " AND ".join([f"{column} LIKE %s"] * len(patterns)), [*params, *patterns]


@FoldedField.register_lookup
class HoldsAny(Lookup):
    """One of the needles occurs in the text."""

    lookup_name = "holds_any"
    prepare_rhs = False

    def as_sqlite(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        column, params = self.process_lhs(compiler, connection)
        indexed = [needle for needle in self.rhs if len(needle) >= GRAM]
        if indexed:  # shorter ones would need another condition, beside which the index serves nothing
            return f"{column} MATCH %s", [*params, full_text_query(indexed, "OR")]
        return "(" + " OR ".join([f"INSTR({column}, %s) > 0"] * len(self.rhs)) + ")", [*params, *self.rhs]

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        column, params = self.process_lhs(compiler, connection)
        needles = [needle for needle in self.rhs if len(needle) >= GRAM] or self.rhs
        patterns = [f"%{like_escaped(needle)}%" for needle in needles]
        return "(" + " OR ".join([f"{column} LIKE %s"] * len(patterns)) + ")", [*params, *patterns]


def full_text_query(needles: Sequence[str], operator: str = "AND") -> str:
    """For SQLite: each needle as a quoted string, in which nothing has a meaning."""
    return f" {operator} ".join('"' + needle.replace('"', '""') + '"' for needle in needles)


def like_escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


class ClaimText(models.Model):
    """What can be searched of a claim. The database writes it: there is nothing to save or delete here."""

    claim = models.OneToOneField(
        "comparison.Claim",
        models.DO_NOTHING,
        primary_key=True,
        db_column="rowid",
        db_constraint=False,
        related_name="+",
        related_query_name="claim_text",
    )
    text = FoldedField(help_text="Statement, item and section.")
    quote = FoldedField(help_text="The passage of the source; for curators.")

    class Meta:
        managed = False
        default_permissions = ()

    def __str__(self) -> str:
        return self.text
