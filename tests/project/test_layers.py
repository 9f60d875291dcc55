"""Imports point in one direction, and folders stay small."""

import ast
from collections import Counter
from collections.abc import Iterator
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

ROOT = Path(__file__).parents[2]
APP, CONFIG = ROOT / "comparison", ROOT / "config"
LAYERS = {  # each package with the packages it may import from, besides itself
    "logic": [],  # the modules at the top of the app: pure arithmetic and words
    "sensitivity": ["logic"],  # how answers stand up to other weights and other articles; pure as well
    "experiments": [],  # runs in the clean environments of frameworks, without the site
    "texts": ["logic"],
    "text_search": [],  # what words of a search mean, and the databases' index for them
    "apps": ["text_search"],
    "models": ["logic", "texts", "text_search"],
    "tables": ["logic", "sensitivity", "models", "text_search", "experiments"],
    "backup": ["logic", "models"],
    "files": ["logic", "texts", "models", "text_search", "tables"],
    "recommendation": ["logic", "sensitivity", "models", "text_search", "tables", "files"],
    "in_the_box": ["logic", "models", "tables", "files"],
    "curation": ["logic", "texts", "models", "tables", "files"],
    "share_images": ["logic", "models", "tables", "files", "recommendation"],
    "serving": ["logic", "models"],
    "web": ["logic", "models", "text_search", "tables", "files", "recommendation", "serving"],
    "reports": ["logic", "models", "web"],  # what readers tell the curators
    "templatetags": ["logic", "models", "text_search", "tables", "files", "curation", "in_the_box"],
    "management": ["logic", "texts", "models", "files", "curation", "experiments", "backup", "mcp"],
    "views": [
        "logic",
        "sensitivity",
        "models",
        "text_search",
        "tables",
        "files",
        "recommendation",
        "in_the_box",
        "serving",
        "share_images",
        "web",
        "reports",
    ],
    "api": ["logic", "models", "tables", "files", "recommendation", "in_the_box", "serving", "web"],
    "mcp": ["logic", "models", "tables", "files", "recommendation", "web", "api"],
    "admin": [
        "logic",
        "texts",
        "models",
        "text_search",
        "tables",
        "files",
        "recommendation",
        "curation",
        "serving",
        "web",
        "reports",
    ],
    "urls": ["views", "api", "web"],
}
# These load the app; what else config/ does, it does for any app.
ABOVE_THE_APP = {"config.preload", "config.admin.site"}
MAX_MODULES = 12
EXPERIMENT_MODULES = {"comparison.tables.experiments", "comparison.management.commands.measure"}


def modules(folder: Path) -> dict[str, Path]:
    paths = [path for path in folder.rglob("*.py") if "migrations" not in path.parts]
    return {".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path for path in paths}


OF_APP, OF_CONFIG = modules(APP), modules(CONFIG)
MODULES = OF_APP | OF_CONFIG


@cache
def imports(module: str) -> frozenset[str]:
    """Our modules that a module imports, at the top or inside functions."""
    return frozenset(_imports(module))


def _imports(module: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(MODULES[module].read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in MODULES)
        if isinstance(node, ast.ImportFrom) and node.module in MODULES:
            submodules = [f"{node.module}.{alias.name}" for alias in node.names]
            modules_named = [name for name in submodules if name in MODULES]
            yield from modules_named
            if len(modules_named) < len(submodules):
                yield node.module


def package(module: str) -> str:
    parts = module.split(".")
    return parts[1] if len(parts) > 1 and (parts[1] in ("apps", "urls") or (APP / parts[1]).is_dir()) else "logic"


def test_modules_import_only_from_permitted_packages() -> None:
    refused = {}
    for module in OF_APP:
        own, used = package(module), {package(imported) for imported in OF_APP.keys() & imports(module)}
        if others := used - {own, *LAYERS[own]}:
            refused[module] = others
    assert refused == {}


def test_config_imports_the_app_only_where_it_loads_it() -> None:
    assert {module for module in OF_CONFIG if OF_APP.keys() & imports(module)} == ABOVE_THE_APP


def test_experiments_are_imported_by_their_pages_and_their_command_alone() -> None:
    outside = [module for module in OF_APP if package(module) != "experiments"]
    importers = {module for module in outside if "experiments" in map(package, OF_APP.keys() & imports(module))}
    assert importers <= EXPERIMENT_MODULES


def test_no_modules_import_each_other_in_a_cycle() -> None:
    order = TopologicalSorter({module: imports(module) - {module} for module in MODULES})
    order.prepare()  # raises CycleError, which names the modules


def test_the_table_has_no_cycle_and_names_every_package() -> None:
    TopologicalSorter(LAYERS).prepare()
    assert set(LAYERS) == {package(module) for module in OF_APP}


def test_a_folder_holds_at_most_a_dozen_modules() -> None:
    sizes = Counter(path.parent for path in MODULES.values() if path.name != "__init__.py")
    assert [folder for folder, size in sizes.items() if size > MAX_MODULES] == []
