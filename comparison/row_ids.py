"""Database ids as addresses and forms carry them."""

from collections.abc import Iterable

MAX_ROW_ID = 10**18 - 1


def parse_row_id(text: str) -> int | None:
    """The id of a row; None if the text is no whole number, or a larger one than a database can hold."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= len(str(MAX_ROW_ID)) else None


def parse_row_ids(texts: Iterable[str]) -> list[int]:
    """The ids among some texts; texts that are no id are dropped."""
    return [row_id for text in texts if (row_id := parse_row_id(text)) is not None]
