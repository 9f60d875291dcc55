"""Commands that say in a sentence what is wrong with the database, instead of a traceback."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config.monitoring.database_faults import DATABASE_ERRORS, fault_of


class DatabaseCommand(BaseCommand):
    """A command that reads or writes what the site stores."""

    def execute(self, *args: Any, **options: Any) -> str | None:
        try:
            return super().execute(*args, **options)
        except DATABASE_ERRORS as error:
            fault = fault_of(error)
            if fault is None:
                raise
            raise CommandError(f"{fault.problem} {fault.remedy} ({error})") from error
