"""README and docs/ name only what exists, and everything that an operator can set or run."""

import re
from pathlib import Path

import pytest
from django.core.management import get_commands, load_command_class
from django.urls import resolve

from comparison.experiments import discovery
from comparison.tables.table_filters import TableFilter
from comparison.urls import files

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()
SETTINGS, COMMANDS, ADDING = (
    (ROOT / "docs" / f"{name}.md").read_text() for name in ("settings", "commands", "adding-a-framework")
)
CODE = re.findall(r"`([^`\n]+)`", README)


def test_every_variable_is_in_the_table() -> None:
    settings = (ROOT / "config" / "settings.py").read_text()
    used = set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', settings))
    table = set(re.findall(r"^\| `([A-Z_]+)` \|", SETTINGS, re.M))
    assert used == table


def test_the_most_used_variables_exist() -> None:
    section = README.partition("## Configuration")[2].partition("## Commands")[0]
    named = re.findall(r"`([A-Z_]{5,})`", section)
    assert named
    assert all(f"| `{name}` |" in SETTINGS for name in named)


def manage_commands(text: str) -> dict[str, str]:
    usages = [usage for usage in re.findall(r"`([^`\n]+)`", text) if usage.startswith("manage.py ")]
    return {usage.split()[1]: usage for usage in usages}


def test_every_command_is_in_the_table() -> None:
    assert set(manage_commands(COMMANDS)) == {name for name, app in get_commands().items() if app == "comparison"}


@pytest.mark.parametrize("text", [README, COMMANDS], ids=["README", "commands"])
def test_commands_exist_with_their_options(text) -> None:
    assert manage_commands(text)
    for name, usage in manage_commands(text).items():
        parser = load_command_class("comparison", name).create_parser("manage.py", name)
        for option in re.findall(r"--[a-z-]+", usage):
            assert option in parser.format_help()


def test_every_make_target_is_in_the_table() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.M))
    assert set(re.findall(r"^\| `make ([a-z]+)", COMMANDS, re.M)) == targets
    assert set(re.findall(r"(?:`|^    )make ([a-z]+)", README, re.M)) <= targets


def test_how_a_framework_is_added_names_commands_that_exist() -> None:
    lines = re.findall(r"^ +\.venv/bin/python (manage\.py .+)$", ADDING, re.MULTILINE)
    assert {line.split()[1] for line in lines} == {"load_catalogue", "cite", "dump_catalogue", "measure"}
    for line in lines:
        for usage in line.split(" && .venv/bin/python "):
            parser = load_command_class("comparison", usage.split()[1]).create_parser("manage.py", usage.split()[1])
            assert all(option in parser.format_help() for option in re.findall(r"--[a-z-]+", usage))


def test_how_a_framework_is_added_names_every_environment_of_an_experiment() -> None:
    section = ADDING.partition("| environment |")[2].partition("\n\n")[0]
    told = {
        name
        for first in re.findall(r"^\| (`[^|]+) \|", section, re.MULTILINE)
        for name in re.findall(r"`(\w+)`", first)
    }
    experiments = [program.experiment for program in discovery.programs().values()]
    assert told == {item.environment(variant) for item in experiments for variant in item.variants}


def test_every_address_exists() -> None:
    addresses = {code for code in CODE if re.fullmatch(r"/[\w/.-]*", code)}
    assert len(addresses) > 20
    for address in addresses:
        resolve(address)  # its error names the address


def test_the_lists_with_downloads_are_named() -> None:
    routes = {getattr(pattern, "name", None) for pattern in files.urlpatterns}
    lists = ("frameworks", "criteria", "sources", "claims", "checks", "experiments", "disputes", "changes")
    named = re.search(r"the lists of ([\w\s,]+?) come as", README)
    assert named
    assert set(re.findall(r"\w{4,}", named[1])) == {name for name in lists if f"{name}-data" in routes}


TREE = re.search(r"```\ncomparison/\n(.+?)^config/ .+?```", README, re.S | re.M)


def test_the_tree_names_every_folder_and_file_of_the_app() -> None:
    assert TREE
    named = set(re.findall(r"(\w+(?:\.py|/))(?=\s)", TREE[1]))
    present = {f"{path.name}/" if path.is_dir() else path.name for path in (ROOT / "comparison").iterdir()}
    assert named == present - {"__init__.py", "__pycache__/", "migrations/"}


@pytest.mark.parametrize("name", re.findall(r"`([\w/]+\.py)`", README))
def test_every_file_exists(name) -> None:
    assert (ROOT / name).exists()


def test_every_filter_is_named() -> None:
    for name in TableFilter.base_filters:
        assert f"`{name}`" in README


def test_the_screenshot_is_a_picture() -> None:
    assert "](static/screenshot.png)" in README
    assert (ROOT / "static" / "screenshot.png").stat().st_size > 10_000
