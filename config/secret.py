"""The secret key of an installation without SECRET_KEY, generated once and stored in a file only its owner may read."""

import os
import secrets
import tempfile
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from config.files.private_files import make_private_folder

MIN_LENGTH = 50  # characters


def stored_secret(path: Path) -> str:
    """Returns the secret in the file, which it creates if necessary. Safe if several processes start at once."""
    try:
        make_private_folder(path.parent, is_ours=False)
        if not path.exists():
            _write_once(path, secrets.token_urlsafe(50))
        secret = path.read_text(errors="replace").strip()
    except OSError as error:
        raise ImproperlyConfigured(
            f"No SECRET_KEY is set and {path} cannot be used ({error.strerror}). "
            f"Make {path.parent} writable, or set SECRET_KEY to 50 random characters or more."
        ) from error
    if len(secret) < MIN_LENGTH or not secret.isascii():
        raise ImproperlyConfigured(f"{path} is damaged. Delete it and start again; a new one will be made.")
    return secret


def _write_once(path: Path, content: str) -> None:
    """Creates the complete file at once, unless another process was faster."""
    handle, temporary_path = tempfile.mkstemp(dir=path.parent)  # readable only by its owner
    try:
        with os.fdopen(handle, "w") as file:
            file.write(content)
        os.link(temporary_path, path)
    except FileExistsError:
        pass
    finally:
        os.unlink(temporary_path)
