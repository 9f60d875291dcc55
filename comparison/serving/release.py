"""Which version of the software draws the pages."""

import hashlib
from functools import cache
from pathlib import Path

from django.conf import settings


@cache
def release() -> str:
    """A digest of what draws the pages, so that a new version of the software never shows an old version's bodies."""
    digest = hashlib.sha256(settings.SITE_NAME.encode())
    for folder in (settings.BASE_DIR / "templates", settings.BASE_DIR / "static", Path(__file__).parents[1]):
        for path in sorted(folder.rglob("*.*")):
            if path.is_file() and path.suffix in {".html", ".css", ".js", ".svg", ".py"}:
                digest.update(path.read_bytes())
    return digest.hexdigest()
