"""Counts lines of code: without blank lines, comments and documentation strings."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

SILENT = {
    *(tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT),
    *(tokenize.ENCODING, tokenize.ENDMARKER),
}
TEMPLATE_COMMENTS = re.compile(r"<!--.*?-->|\{#.*?#\}|\{% comment.*?endcomment %\}", re.DOTALL)


def code_lines(path: Path) -> int:
    """Of a Python file, or of a template."""
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        return sum(bool(line.strip()) for line in TEMPLATE_COMMENTS.sub("", text).splitlines())
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    lines = {line for token in tokens if token.type not in SILENT for line in range(token.start[0], token.end[0] + 1)}
    return len(lines - set(_documentation_lines(ast.parse(text))))


def _documentation_lines(tree: ast.AST) -> Iterator[int]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and node.body:
            first = node.body[0]
            if (
                isinstance(first, ast.Expr)
                and isinstance(first.value, ast.Constant)
                and isinstance(first.value.value, str)
            ):
                yield from range(first.lineno, (first.end_lineno or first.lineno) + 1)
