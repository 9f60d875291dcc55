"""Where the application runs: what a user would set in the shell. Its own files begin beside this one."""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
os.environ.setdefault("SECRET_KEY", "for measuring alone")
os.environ.setdefault("DATABASE", str(Path("books.sqlite3").absolute()))
