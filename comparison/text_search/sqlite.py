"""The index on SQLite: a full-text table of trigrams, and triggers that fill it."""

from collections.abc import Iterable
from itertools import pairwise

from django.db.backends.utils import CursorWrapper

from comparison.text_search.letters import ASCII_BLANKS, DIGEST, table

TABLE = "comparison_claimtext"
LETTERS = "comparison_foldedletter"  # what each character beyond ASCII is for searches
BEYOND_ASCII = "t GLOB '*[^ -~]*'"
NEXT_LETTER = f"""SELECT substr(rest, 2), done || coalesce(
    (SELECT plain FROM {LETTERS} WHERE letter = substr(rest, 1, 1)), substr(rest, 1, 1))"""
CHUNK = 20  # functions within functions; SQLite's parser takes about thirty


def keep(cursor: CursorWrapper) -> None:
    """Makes table and triggers what they should be, and fills the table if anything was not."""
    wanted = definitions()
    tables = ["comparison_claim", TABLE, LETTERS]
    cursor.execute("SELECT name, sql FROM sqlite_master WHERE tbl_name IN (%s, %s, %s)", tables)
    existing = dict(cursor.fetchall())
    if all(existing.get(name) == sql for name, sql in wanted.items()):
        return
    for name in wanted:
        kind = "TABLE" if name in (TABLE, LETTERS) else "TRIGGER"
        cursor.execute(f"DROP {kind} IF EXISTS {name}")
    for sql in wanted.values():
        cursor.execute(sql)
    cursor.executemany(f"INSERT INTO {LETTERS} (letter, plain) VALUES (%s, %s)", list(table()))
    cursor.execute(f"INSERT INTO {TABLE} (rowid, text, quote) {_folded('claim', 'FROM comparison_claim claim')}")


def definitions() -> dict[str, str]:
    """What must be there, by name, as SQLite repeats it."""
    insert = f"INSERT OR REPLACE INTO {TABLE} (rowid, text, quote) {_folded('new')};"
    delete = f"DELETE FROM {TABLE} WHERE rowid = old.id;"
    columns = ("id", "statement", "item", "section", "quote")
    changed = " OR ".join(f"old.{column} IS NOT new.{column}" for column in columns)
    triggers = {
        f"{TABLE}_insert": f"AFTER INSERT ON comparison_claim BEGIN {insert} END",
        f"{TABLE}_delete": f"AFTER DELETE ON comparison_claim BEGIN {delete} END",
        f"{TABLE}_update": f"AFTER UPDATE ON comparison_claim WHEN {changed} BEGIN {delete} {insert} END",
    }
    texts = f"CREATE VIRTUAL TABLE {TABLE} USING fts5(text, quote, tokenize = 'trigram')"
    letters = f"CREATE TABLE {LETTERS} (letter text PRIMARY KEY, /* {DIGEST} */ plain text NOT NULL) WITHOUT ROWID"
    return {TABLE: texts, LETTERS: letters} | {name: f"CREATE TRIGGER {name} {body}" for name, body in triggers.items()}


def _folded(row: str, source: str = "") -> str:
    text = _fold(f"{row}.statement || ' ' || {row}.item || ' ' || {row}.section")
    return f"SELECT {row}.id, {text}, {_fold(f'{row}.quote')} {source}".rstrip()


def _fold(text: str) -> str:
    """An expression that does what folding.fold() does. Most texts are plain ASCII and need few replacements."""
    steps = [
        f"plain_first(t) AS (SELECT lower({text}))",
        _steps("plain", dict.fromkeys(ASCII_BLANKS, " ") | {"'": ""}),
        f"every(rest, done) AS (SELECT t, '' FROM plain_last UNION ALL {NEXT_LETTER} FROM every WHERE rest <> '')",
    ]
    folded = f"CASE WHEN {BEYOND_ASCII} THEN (SELECT done FROM every WHERE rest = '') ELSE t END"
    return f"(WITH RECURSIVE {', '.join(steps)} SELECT '  ' || replace({folded}, ' ', '  ') FROM plain_last)"


def _steps(name: str, replacements: dict[str, str]) -> str:
    """Common table expressions from <name>_first to <name>_last, each making some of the replacements."""
    pairs = list(replacements.items())
    chunks = [pairs[start : start + CHUNK] for start in range(0, len(pairs), CHUNK)]
    names = [f"{name}_first", *(f"{name}_{number}" for number in range(1, len(chunks))), f"{name}_last"]
    return ", ".join(
        f"{after}(t) AS (SELECT {_replaced(chunk)} FROM {before})"
        for (before, after), chunk in zip(pairwise(names), chunks, strict=True)
    )


def _replaced(pairs: Iterable[tuple[str, str]]) -> str:
    expression = "t"
    for letter, replacement in pairs:
        expression = f"replace({expression}, char({ord(letter)}), '{replacement}')"
    return expression
