"""Reads at the start what would else be read when it is first needed.

Whoever updates the software changes files below a running site; until it is restarted it must not mix the two.
"""

import importlib
import pkgutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TypeGuard

from django.contrib.staticfiles.storage import staticfiles_storage
from django.db import connections
from django.template import engines
from django.template.backends.django import DjangoTemplates
from django.template.engine import Engine
from django.template.loaders import app_directories, cached, filesystem
from django.urls import get_resolver

import comparison
import config
from comparison.serving.release import release
from comparison.tables.experiments import definitions
from config.monitoring.readiness import known_migrations

# Commands are processes of their own; programs of experiments run in environments of their own.
NOT_SERVED = (
    "comparison.experiments",
    "comparison.management",
    "comparison.migrations",
    "comparison.web.catalogue_metrics",  # needs METRICS=1
    "config.settings",
    "config.test_runner",
    "config.monitoring.metrics",  # as above
)


def load_everything() -> None:
    for module in [*module_names(comparison), *module_names(config)]:
        importlib.import_module(module)
    get_resolver().check()
    for backend in engines.all():
        if isinstance(backend, DjangoTemplates):
            freeze_templates(backend.engine)
    definitions()
    release()
    known_migrations()
    getattr(staticfiles_storage, "hashed_files", None)
    connections.close_all()  # else the processes that this one starts would share them


def module_names(package: object) -> Iterator[str]:
    prefix, path = f"{package.__name__}.", package.__path__  # type: ignore[attr-defined]
    for module in pkgutil.iter_modules(path, prefix):
        if module.name.startswith(NOT_SERVED):
            continue
        yield module.name
        if module.ispkg:
            yield from module_names(importlib.import_module(module.name))


def freeze_templates(engine: Engine) -> None:
    """Compiles all templates of the project, and looks for no others among its files from then on."""
    for loader in file_loaders(engine.template_loaders):
        for name in [name for folder in loader.get_dirs() for name in template_names(Path(folder))]:
            engine.get_template(name)
        loader.dirs = []


def file_loaders(loaders: Iterable[object]) -> Iterator[filesystem.Loader]:
    """The loaders behind one that caches; without it, as with DEBUG, templates are meant to be read anew."""
    for loader in loaders:
        if isinstance(loader, cached.Loader):
            yield from (inner for inner in loader.loaders if is_of_project(inner))


def is_of_project(loader: object) -> TypeGuard[filesystem.Loader]:
    """Whether it reads the project's own folders, not those of installed applications."""
    return isinstance(loader, filesystem.Loader) and not isinstance(loader, app_directories.Loader)


def template_names(folder: Path) -> list[str]:
    return [path.relative_to(folder).as_posix() for path in sorted(folder.rglob("*.*")) if path.is_file()]
