"""The index on PostgreSQL: a table of folded texts with a trigram index, and a trigger function that fills it."""

import hashlib

from django.db import DatabaseError, transaction
from django.db.backends.utils import CursorWrapper

from comparison.text_search.letters import ASCII_BLANKS, DIGEST, table

TABLE = "comparison_claimtext"
LETTERS = "comparison_foldedletter"  # what each character beyond ASCII is for searches
BATCH_SIZE = 2000  # letters in one INSERT
COLUMNS = "id, statement, item, section, quote"


def keep(cursor: CursorWrapper) -> None:
    """Makes table and triggers what they should be, and fills the table if anything was not."""
    digest = hashlib.sha256("".join([DIGEST, *definitions()]).encode()).hexdigest()
    cursor.execute("SELECT obj_description(to_regclass(%s))", [TABLE])
    (made,) = cursor.fetchone()
    cursor.execute("SELECT count(*) FROM pg_trigger WHERE tgname LIKE %s", [f"{TABLE}%"])
    if made == digest and cursor.fetchone() == (len(triggers()),):
        return
    for statement in definitions():
        cursor.execute(statement)
    fill_letters(cursor)
    cursor.execute(f"INSERT INTO {TABLE} SELECT id, {_folded('claim')} FROM comparison_claim claim")
    cursor.execute(f"ANALYZE {TABLE}")
    cursor.execute(f"COMMENT ON TABLE {TABLE} IS '{digest}'")


def keep_trigrams(cursor: CursorWrapper) -> bool:
    """Makes the index if it can be made; without, searches find the same by reading everything."""
    cursor.execute("SELECT EXISTS (SELECT FROM pg_extension WHERE extname = 'pg_trgm')")
    if cursor.fetchone() != (True,):
        try:
            with transaction.atomic(using=cursor.db.alias):
                cursor.execute("CREATE EXTENSION pg_trgm")
        except DatabaseError:  # it is not installed, or this user may not add it
            return False
    columns = "text gin_trgm_ops, quote gin_trgm_ops"
    cursor.execute(f"CREATE INDEX IF NOT EXISTS {TABLE}_trigrams ON {TABLE} USING gin ({columns})")
    return True


def fill_letters(cursor: CursorWrapper) -> None:
    rows = list(table())
    for start in range(0, len(rows), BATCH_SIZE):
        batch = rows[start : start + BATCH_SIZE]
        places = ", ".join(["(%s, %s)"] * len(batch))
        cursor.execute(f"INSERT INTO {LETTERS} VALUES {places}", [text for row in batch for text in row])
    cursor.execute(f"ANALYZE {LETTERS}")


def definitions() -> list[str]:
    capitals = "".join(map(chr, range(ord("A"), ord("Z") + 1)))
    signs = ", ".join(f"chr({ord(blank)})" for blank in (*ASCII_BLANKS, "'"))
    plain = f"concat('{capitals}', {signs}), concat('{capitals.lower()}', repeat(' ', {len(ASCII_BLANKS)}))"
    return [
        f"DROP TABLE IF EXISTS {TABLE}",
        f"DROP TABLE IF EXISTS {LETTERS}",
        f"CREATE TABLE {TABLE} (rowid bigint PRIMARY KEY, text text NOT NULL, quote text NOT NULL)",
        f'CREATE TABLE {LETTERS} (letter text COLLATE "C" PRIMARY KEY, plain text NOT NULL)',
        f"""CREATE OR REPLACE FUNCTION {TABLE}_plain(words text) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$
            SELECT coalesce(string_agg(coalesce(known.plain, one.letter), '' ORDER BY one.number), '')
            FROM regexp_split_to_table(words, '') WITH ORDINALITY one(letter, number)
            LEFT JOIN {LETTERS} known ON known.letter = one.letter COLLATE "C" $$""",
        f"""CREATE OR REPLACE FUNCTION {TABLE}_fold(words text) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$
            SELECT '  ' || replace(
                CASE octet_length(words) WHEN length(words) THEN plain.simple ELSE {TABLE}_plain(plain.simple) END,
                ' ', '  ') FROM (SELECT translate(words, {plain}) AS simple) plain $$""",
        f"""CREATE OR REPLACE FUNCTION {TABLE}_keep() RETURNS trigger
            LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
            BEGIN
                IF TG_OP = 'TRUNCATE' THEN TRUNCATE {TABLE}; RETURN NULL; END IF;
                IF TG_OP <> 'INSERT' THEN DELETE FROM {TABLE} WHERE rowid = OLD.id; END IF;
                IF TG_OP <> 'DELETE' THEN INSERT INTO {TABLE} SELECT NEW.id, {_folded("NEW")}; END IF;
                RETURN NULL;
            END $$""",
        *(f"DROP TRIGGER IF EXISTS {name} ON comparison_claim" for name in triggers()),
        *(f"CREATE TRIGGER {name} {body} EXECUTE FUNCTION {TABLE}_keep()" for name, body in triggers().items()),
    ]


def triggers() -> dict[str, str]:
    changed = " OR ".join(f"OLD.{column} IS DISTINCT FROM NEW.{column}" for column in COLUMNS.split(", "))
    return {
        f"{TABLE}_rows": "AFTER INSERT OR DELETE ON comparison_claim FOR EACH ROW",
        f"{TABLE}_update": f"AFTER UPDATE ON comparison_claim FOR EACH ROW WHEN ({changed})",
        f"{TABLE}_empty": "AFTER TRUNCATE ON comparison_claim FOR EACH STATEMENT",
    }


def _folded(row: str) -> str:
    text = f"{row}.statement || ' ' || {row}.item || ' ' || {row}.section"
    return f"{TABLE}_fold({text}), {TABLE}_fold({row}.quote)"
