"""The commands of docs/deploying.md."""

import re
from pathlib import Path

from tests.installation import ROOT

GUIDE = ROOT / "docs" / "deploying.md"
NAMES = {
    "SITE": "crosscheck.example",
    "PROJECT": "https://crosscheck.example/crosscheck.git",
}  # as written in the guide


def blocks(language: str, path: Path = GUIDE) -> list[str]:
    """The fenced blocks whose first line is ```language, in order."""
    return re.findall(rf"^```{language}\n(.+?)^```$", path.read_text(), re.M | re.S)


def script(**names: str) -> str:
    """The main path through the guide as one program that stops at the first failure."""
    steps = "\n".join(blocks("sh"))
    for name, value in names.items():
        written = f"{name}={NAMES[name]}\n"
        assert steps.count(written) == 1, written
        steps = steps.replace(written, f"{name}={value}\n")
    return f"set -euo pipefail\n{steps}"
