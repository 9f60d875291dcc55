"""Which form of a body a client accepts: brotli, gzip or plain (RFC 9110, section 12.5.3)."""

from functools import lru_cache

BROTLI, GZIP, IDENTITY = "br", "gzip", "identity"
UNLISTED = 0.0001  # how much a client wants the plain body that it did not mention: less than anything it did


@lru_cache(maxsize=256)
def accepted_encoding(header: str) -> str | None:
    """What to send to a client with this Accept-Encoding: the smallest of what it wants most, None for nothing.

    A client that takes anything (*) without naming brotli gets gzip, which more programs can read.
    """
    weights = dict(_weight(part) for part in header.lower().split(",") if part.strip())
    any_other = weights.get("*")
    wanted = {
        BROTLI: weights.get(BROTLI, any_other or 0),
        GZIP: weights.get(GZIP, weights.get("x-gzip", any_other or 0)),
        IDENTITY: weights.get(IDENTITY, UNLISTED if any_other is None else any_other),
    }
    preferred = (BROTLI, GZIP, IDENTITY) if BROTLI in weights else (GZIP, IDENTITY, BROTLI)
    best = max(preferred, key=wanted.__getitem__)
    return best if wanted[best] else None


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
