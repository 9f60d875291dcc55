"""The files by which strangers find their way: how to help, what changed, what to report and where."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
DOCUMENTS = ["README.md", "CONTRIBUTING.md", "SECURITY.md", *(str(p.relative_to(ROOT)) for p in ROOT.glob("docs/*.md"))]
FORMS = sorted(path.name for path in (ROOT / ".github" / "ISSUE_TEMPLATE").glob("*.yml") if path.stem != "config")


@pytest.mark.parametrize("name", ["CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md"])
def test_the_readme_leads_to_it(name) -> None:
    assert f"]({name})" in (ROOT / "README.md").read_text()


@pytest.mark.parametrize("name", DOCUMENTS)
def test_links_to_files_lead_somewhere(name) -> None:
    folder = (ROOT / name).parent
    for link in re.findall(r"\]\((?!https?:|#)([^)#]+)[^)]*\)", (ROOT / name).read_text()):
        assert (folder / link).exists(), link


@pytest.mark.parametrize("name", DOCUMENTS)
def test_make_targets_and_commands_exist(name) -> None:
    text = (ROOT / name).read_text()
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.M))
    assert set(re.findall(r"(?:`|^    )make ([a-z]+)", text, re.M)) <= targets
    for path in re.findall(r"`((?:comparison|tests|deploy|docs|config)/[\w/.-]*)`", text):
        assert (ROOT / path).exists(), path


def test_the_changelog_has_what_comes_and_the_version_of_the_package() -> None:
    headings = re.findall(r"^## (.+)$", (ROOT / "CHANGELOG.md").read_text(), re.M)
    assert headings[0] == "Unreleased"
    assert headings[1] == tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]


def test_there_are_forms_for_claims_bugs_and_frameworks() -> None:
    assert FORMS == ["bug.yml", "new-framework.yml", "wrong-claim.yml"]


@pytest.mark.parametrize("name", FORMS)
def test_a_form_has_what_the_host_of_the_repository_requires(name) -> None:
    form: dict[str, Any] = yaml.safe_load((ROOT / ".github" / "ISSUE_TEMPLATE" / name).read_text())
    assert set(form) <= {"name", "description", "title", "body"}
    assert all(form[key] for key in ("name", "description", "body"))
    ids = [field["id"] for field in form["body"]]
    assert len(ids) == len(set(ids))
    for field in form["body"]:
        assert field["type"] in {"input", "textarea", "dropdown"}
        assert field["attributes"]["label"]
        assert ("options" in field["attributes"]) == (field["type"] == "dropdown")


def test_a_pull_request_is_asked_for_its_tests() -> None:
    assert "make test" in (ROOT / ".github" / "pull_request_template.md").read_text()
