"""The data of a local installation may be read by its owner alone."""

import os
from pathlib import Path

OWNER_ONLY_FOLDER, OWNER_ONLY_FILE = 0o700, 0o600
SQLITE_COMPANIONS = ("", "-wal", "-shm", "-journal")


def make_private_folder(path: Path, is_ours: bool) -> None:
    """Makes the folder. One that was there before is closed to others only if it is ours: it may serve others too."""
    if path.is_dir():
        if is_ours and path.stat().st_uid == os.geteuid():
            path.chmod(OWNER_ONLY_FOLDER)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.mkdir(mode=OWNER_ONLY_FOLDER, exist_ok=True)


def make_private_database(path: Path) -> None:
    """Makes the file of an SQLite database, or closes one to others; SQLite makes those beside it alike."""
    if not path.exists():
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY, OWNER_ONLY_FILE))
    for ending in SQLITE_COMPANIONS:
        file = path.with_name(path.name + ending)
        if file.exists() and file.stat().st_uid == os.geteuid():
            file.chmod(OWNER_ONLY_FILE)
