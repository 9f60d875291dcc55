from typing import Any, NoReturn

from django.core.management.base import CommandError


class UsePytest:
    """Takes the place of Django's test runner, which would find no test here."""

    def __init__(self, **options: Any) -> None:
        pass

    def run_tests(self, labels: list[str]) -> NoReturn:
        raise CommandError(
            "The tests run with pytest: make test, or .venv/bin/python -m pytest tests/logic for a part."
        )
