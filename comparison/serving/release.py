"""Which version of the software draws the pages."""

import hashlib
from functools import cache
from pathlib import Path

from django.conf import settings


@cache
def release() -> str:
    """A digest of what draws the pages, so that a new version of the software never shows an old version's bodies.

    Headers count too: clients keep those of an unchanged page.
    """
    digest = hashlib.sha256(f"{settings.SITE_NAME} {settings.BEHIND_PROXY}".encode())
    folders = (settings.BASE_DIR / name for name in ("templates", "static", "config"))
    for folder in (*folders, Path(__file__).parents[1]):
        for path in sorted(folder.rglob("*.*")):
            if path.is_file() and path.suffix in {".html", ".css", ".js", ".svg", ".py", ".mo"}:
                digest.update(path.read_bytes())
    return digest.hexdigest()
