"""Numbers as addresses and forms give them."""

from collections.abc import Iterable


def whole_id(text: str) -> int | None:
    """A row's number; None for what is none, or larger than any database holds."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def whole_ids(texts: Iterable[str]) -> list[int]:
    """The rows' numbers among some texts."""
    return [number for text in texts if (number := whole_id(text)) is not None]
