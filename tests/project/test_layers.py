"""Imports point one way, and a folder is small enough to be looked through."""

import ast
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
APP = ROOT / "comparison"
LAYERS = {  # a package may import from those named before it in its list, and from itself
    "logic": [],  # the modules at the top of the app: pure arithmetic and words
    "texts": ["logic"],
    "models": ["logic", "texts"],
    "tables": ["logic", "models"],
    "files": ["logic", "texts", "models", "tables"],
    "recommendation": ["logic", "models", "tables", "files"],
    "curation": ["logic", "texts", "models", "tables"],
    "web": ["logic", "models", "tables", "files", "recommendation"],
    "templatetags": ["logic", "models", "tables", "files", "curation"],
    "management": ["logic", "texts", "models", "files", "curation"],
    "views": ["logic", "models", "tables", "files", "recommendation", "web"],
    "api": ["logic", "models", "tables", "files", "recommendation", "web"],
    "admin": ["logic", "texts", "models", "tables", "files", "recommendation", "curation", "web"],
    "urls": ["views", "api", "web"],
}
MAX_MODULES = 12


def modules() -> dict[str, Path]:
    paths = [path for path in APP.rglob("*.py") if "migrations" not in path.parts]
    return {".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path for path in paths}


MODULES = modules()


def imports(module: str) -> Iterator[str]:
    """The app's modules that a module imports, wherever in it the import stands."""
    for node in ast.walk(ast.parse(MODULES[module].read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in MODULES)
        if isinstance(node, ast.ImportFrom) and node.module in MODULES:
            submodules = [f"{node.module}.{alias.name}" for alias in node.names]
            found = [name for name in submodules if name in MODULES]
            yield from found
            if len(found) < len(submodules):
                yield node.module


def package(module: str) -> str:
    _, *rest = module.split(".")
    return rest[0] if rest and (rest[0] == "urls" or (APP / rest[0]).is_dir()) else "logic"


@pytest.mark.parametrize("module", sorted(MODULES))
def test_a_module_imports_only_from_below(module) -> None:
    own = package(module)
    assert {package(imported) for imported in imports(module)} - {own} <= set(LAYERS[own])


def test_no_modules_import_each_other_in_a_circle() -> None:
    order = TopologicalSorter({module: set(imports(module)) - {module} for module in MODULES})
    order.prepare()  # raises CycleError, which names the circle


def test_the_table_has_no_circle_and_names_every_package() -> None:
    TopologicalSorter(LAYERS).prepare()
    assert set(LAYERS) == {package(module) for module in MODULES}


@pytest.mark.parametrize("folder", sorted({path.parent for path in MODULES.values()}), ids=lambda path: path.name)
def test_a_folder_holds_at_most_a_dozen_modules(folder) -> None:
    assert len([path for path in folder.glob("*.py") if path.name != "__init__.py"]) <= MAX_MODULES
