"""The application, and what follows its migrations."""

import sys
from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate

from comparison.text_search.index import keep_index


class ComparisonConfig(AppConfig):
    name = "comparison"

    def ready(self) -> None:
        post_migrate.connect(after_migrate, sender=self)  # Django offers a signal only


def after_migrate(using: str, verbosity: int, stdout: Any = None, **_: Any) -> None:
    advice = keep_index(using)
    if advice and verbosity:
        (stdout or sys.stdout).write(advice + "\n")
