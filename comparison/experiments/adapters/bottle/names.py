"""What the framework’s only module defines."""

import ast
import inspect

import bottle

from comparison.experiments.box import Absent
from comparison.experiments.spec import Failure


def search(*words):
    """Looks for classes and functions about something, by their names."""
    tree = ast.parse(inspect.getsource(bottle))
    names = [node.name for node in ast.walk(tree) if isinstance(node, ast.ClassDef | ast.FunctionDef)]
    found = [name for name in names if any(word in name.lower() for word in words)]
    if found:
        raise Failure(f"there is something about it, such as {found[0]}")
    where = f"none of the {len(names)} classes and functions of its one module"
    raise Absent(f"has nothing for it: {where} has “{'” or “'.join(words)}” in its name")
