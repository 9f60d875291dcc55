"""Where the application runs: what a user would set in the shell. Its own files begin beside this one."""

import os
from pathlib import Path

os.environ.setdefault("SECRET_KEY", "for measuring alone")
os.environ.setdefault("DATABASE", str(Path("books.sqlite3").absolute()))
