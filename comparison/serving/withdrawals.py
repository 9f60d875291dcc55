"""Whether something was withdrawn since a page was kept: then it is not shown, not even while no database answers."""

from django.core.cache import cache as store

from comparison.serving.kept_pages import KeptPage

KEY = "withdrawal"
_seen: list[str] = []  # the last that this process has read


def note_withdrawal(token: str) -> None:
    """Remembers what the newest edition says; for other processes too, where they share the cache."""
    if _seen != [token]:
        _seen[:] = [token]
        store.set(KEY, token, None)


def may_still_be_shown(page: KeptPage) -> bool:
    """Where nobody remembers the last withdrawal, any page may show what was withdrawn."""
    return store.get(KEY, _seen[0] if _seen else None) == page.withdrawal
