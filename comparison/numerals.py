"""Numbers as addresses and forms give them."""


def whole_id(text: str) -> int | None:
    """A row's number; None for what is none, or larger than any database holds."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
