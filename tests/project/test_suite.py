"""What the suite asks of itself."""

import ast
from pathlib import Path

TESTS = Path(__file__).parents[1]


def test_no_module_imports_a_test_module() -> None:
    importing = []
    for path in TESTS.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import | ast.ImportFrom) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            importing += [(path, name) for name in names if any(part.startswith("test_") for part in name.split("."))]
    assert importing == []
