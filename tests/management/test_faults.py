"""Commands and a database that fails."""

import pkgutil

import pytest
from django.core.management import CommandError, call_command, load_command_class
from django.db import IntegrityError, connection, transaction

from comparison.management import commands
from comparison.management.faults import DatabaseCommand

HANDLE_IT_THEMSELVES = {"backup", "measure", "mcp", "prepare", "restore"}
NO_DATABASE = {"cite"}


class Ask(DatabaseCommand):
    def add_arguments(self, parser) -> None:
        parser.add_argument("sql")

    def handle(self, *, sql: str, **options) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)


@pytest.mark.django_db
def test_a_fault_of_the_database_is_a_sentence() -> None:
    with pytest.raises(CommandError, match=r"Tables of the database are missing\. Run: .*migrate.* \(.*nowhere.*\)"):
        call_command(Ask(), "SELECT * FROM nowhere")


@pytest.mark.django_db
def test_an_error_of_the_code_is_none() -> None:
    with pytest.raises(IntegrityError):
        call_command(Ask(), "INSERT INTO comparison_category (slug) VALUES (NULL)")


def test_all_commands_that_ask_the_database_say_so() -> None:
    names = {module.name for module in pkgutil.iter_modules(commands.__path__)} - NO_DATABASE - HANDLE_IT_THEMSELVES
    assert names
    for name in names:
        assert isinstance(load_command_class("comparison", name), DatabaseCommand), name
