"""Finding the place of a passage for a claim in the catalogue."""

import hashlib
import io
import tarfile
from pathlib import Path

import pytest
import yaml
from django.core.management import CommandError, call_command

from comparison.curation.documentation import NoPassage, find_passage

TEXT = "Guide\n=====\n\nSpeed\n-----\n\nIt is,\nquick, very  quick. Ünd quick.\n"


@pytest.fixture
def archive(tmp_path) -> Path:
    path = tmp_path / "thing-1.0.tar.gz"
    with tarfile.open(path, "w:gz") as tar:
        for name, content in (("thing-1.0/docs/index.rst", TEXT.encode()), ("thing-1.0/logo.png", b"\x89\0")):
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    return path


def test_a_passage_is_found_whatever_its_blanks() -> None:
    start, end = find_passage(TEXT, " It is, quick,\nvery quick. ")
    assert TEXT[start:end] == "It is,\nquick, very  quick."


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        ("slow", "does not stand in the text"),
        ("quick", "stands at 3 places"),
        (" \n", "Give the words"),
        ("it is", "does not stand"),  # capitals count
        (".*", "does not stand"),
    ],
)
def test_words_that_name_no_place_are_refused(words, problem) -> None:
    with pytest.raises(NoPassage, match=problem):
        find_passage(TEXT, words)


def test_the_command_prints_what_a_catalogue_needs(archive, capsys) -> None:
    call_command("cite", str(archive), "docs/index.rst", "Ünd quick.")
    found = yaml.safe_load(capsys.readouterr().out)
    assert found["distribution"] == "thing-1.0.tar.gz"
    assert found["distribution_sha256"] == hashlib.sha256(archive.read_bytes()).hexdigest()
    (part,) = found["parts"]
    assert part["text_sha256"] == hashlib.sha256(TEXT.encode()).hexdigest()
    assert part["text_length"] == len(TEXT)
    (claim,) = part["claims"]
    assert TEXT[claim["start"] : claim["end"]] == "Ünd quick."
    assert claim["section"] == "Speed"


@pytest.mark.parametrize(
    ("name", "file", "problem"),
    [
        ("gone-1.0.tar.gz", "docs/index.rst", "no file"),
        ("thing-1.0.tar.gz", "docs/gone.rst", "holds no file docs/gone.rst"),
        ("thing-1.0.tar.gz", "logo.png", "not UTF-8"),
        ("broken-1.0.tar.gz", "docs/index.rst", "cannot be unpacked"),
    ],
)
def test_the_command_says_what_is_missing(archive, name, file, problem) -> None:
    (archive.parent / "broken-1.0.tar.gz").write_bytes(b"no archive")
    with pytest.raises(CommandError, match=problem):
        call_command("cite", str(archive.parent / name), file, "It is")


def test_the_command_prints_a_section_that_yaml_reads_as_it_is(tmp_path, capsys) -> None:
    path = tmp_path / "thing-1.0.tar.gz"
    content = b"Guide\n=====\n\nUse: quickly\n------------\n\nA word.\n"
    with tarfile.open(path, "w:gz") as tar:
        member = tarfile.TarInfo("thing-1.0/index.rst")
        member.size = len(content)
        tar.addfile(member, io.BytesIO(content))
    call_command("cite", str(path), "index.rst", "A word.")
    ((part,),) = (yaml.safe_load(capsys.readouterr().out)["parts"],)
    assert part["claims"][0]["section"] == "Use: quickly"
