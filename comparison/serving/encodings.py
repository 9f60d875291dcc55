"""Which form of a body a client accepts: compressed or plain (RFC 9110, section 12.5.3)."""

from functools import lru_cache

GZIP, IDENTITY = "gzip", "identity"
UNLISTED = 0.0001  # how much a client wants the plain body that it did not mention: less than anything it did


@lru_cache(maxsize=256)
def accepted_encoding(header: str) -> str | None:
    """What to send to a client with this Accept-Encoding: gzip where it is as welcome as plain, None for neither."""
    weights = dict(_weight(part) for part in header.lower().split(",") if part.strip())
    any_other = weights.get("*")
    gzip = weights.get("gzip", weights.get("x-gzip", any_other or 0))
    identity = weights.get("identity", UNLISTED if any_other is None else any_other)
    if not gzip and not identity:
        return None
    return GZIP if gzip >= identity else IDENTITY


def _weight(part: str) -> tuple[str, float]:
    """A name such as gzip and how much it is wanted, 0 to 1; what cannot be read is not wanted."""
    name, _, parameter = part.partition(";")
    if not parameter.strip():
        return name.strip(), 1
    key, _, value = parameter.partition("=")
    try:
        weight = float(value) if key.strip() == "q" else 0
    except ValueError:
        weight = 0
    return name.strip(), weight if 0 <= weight <= 1 else 0
