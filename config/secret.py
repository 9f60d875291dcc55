"""The secret of an installation that was given none: made once, kept in a file only its owner may read."""

import os
import secrets
import tempfile
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured


def kept_secret(path: Path) -> str:
    """Returns the secret in the file, writing a new one first where there is none. Safe when several start at once."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            _write_once(path, secrets.token_urlsafe(50))
        kept = path.read_text(errors="replace").strip()
    except OSError as error:
        raise ImproperlyConfigured(
            f"No SECRET_KEY is set and {path} cannot be used ({error.strerror}). "
            f"Make {path.parent} writable, or set SECRET_KEY to 50 random characters or more."
        ) from error
    if len(kept) < 50 or not kept.isascii():
        raise ImproperlyConfigured(f"{path} is damaged. Delete it and start again; a new one will be made.")
    return kept


def _write_once(path: Path, content: str) -> None:
    """Puts a complete file in place, unless another process was faster."""
    handle, draft = tempfile.mkstemp(dir=path.parent)  # readable by its owner alone
    try:
        with os.fdopen(handle, "w") as file:
            file.write(content)
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        os.unlink(draft)
