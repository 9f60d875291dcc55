"""What a clean installation has: tasks that adapters do and programs check."""

from pathlib import Path, PurePosixPath
from types import SimpleNamespace

import pytest

from comparison.experiments import box, installed
from comparison.experiments.box import Absent, Partly, expect, expect_answer
from comparison.experiments.calling import Answer
from comparison.experiments.programs.box import content, interfaces, type_hints
from comparison.experiments.spec import Failure, Finding, Job, NotOffered


def done(job, deed) -> str:
    deed()
    return "did it"


@pytest.fixture
def examine(monkeypatch, tmp_path):
    """Examines parts with the deeds of a pretended adapter."""

    def examine_with(*parts: str, **deeds) -> Finding:
        monkeypatch.setattr(Job, "module", lambda job, name="": SimpleNamespace(**deeds))
        return box.examine(Job("fake", "parts", tmp_path), "box.fake", dict.fromkeys(parts, done))

    return examine_with


def means() -> None:
    """fake.means"""


def other_means() -> None:
    """fake.others"""


def nameless() -> None:
    pass  # an adapter need not name its means


def missing() -> None:
    raise Absent("has no such thing")


def half() -> None:
    """fake.half"""
    raise Partly("did one thing, but not the other")


@pytest.mark.parametrize(
    ("deeds", "finding"),
    [
        ([half], Finding("partial", "did one thing, but not the other (fake.half)")),
        ([half, missing], Finding("partial", "did one thing, but not the other (fake.half); has no such thing")),
        ([means], Finding("built-in", "did it (fake.means)")),
        ([means, other_means], Finding("built-in", "did it (fake.means); did it (fake.others)")),
        ([nameless, nameless], Finding("built-in", "did it")),
        ([missing, means], Finding("partial", "has no such thing; did it (fake.means)")),
        ([missing], Finding("none", "has no such thing")),
        ([missing, missing], Finding("none", "has no such thing")),
    ],
)
def test_the_support_is_what_the_parts_amount_to(examine, deeds, finding) -> None:
    named = {f"part_{index}": deed for index, deed in enumerate(deeds)}
    assert examine(*named, **named) == finding


def test_an_adapter_that_does_not_know_a_task_offers_nothing(examine) -> None:
    with pytest.raises(NotOffered, match="the adapter does not say how to draw_form"):
        examine("draw_form")


def test_a_task_done_wrong_is_a_failure_and_not_a_lack(examine) -> None:
    def wrong() -> None:
        expect(False, "read nothing")

    with pytest.raises(Failure, match="read nothing"):
        examine("read", read=wrong)


def test_what_the_documentation_names_may_be_missing() -> None:
    with pytest.raises(Absent, match="lacks nowhere, which the documentation names"):
        box.require("nowhere.inside")
    assert box.require("json.decoder").JSONDecoder


def test_modules_are_found_by_their_names(monkeypatch) -> None:
    monkeypatch.setattr(installed, "packages", lambda: {"a": "a", "b": "b"})
    monkeypatch.setattr(installed, "modules", lambda package: [f"{package}.Mailing", f"{package}.views"])
    with pytest.raises(Absent, match="none of its 4 has “feed” or “atom” in its name"):
        box.search("feed", "atom")
    with pytest.raises(Failure, match=r"there are modules about it, such as a\.Mailing"):
        box.search("mail")
    with pytest.raises(Failure, match=r"there are modules about it, such as b\.Mailing"):
        box.search("mail", besides="a")


@pytest.mark.parametrize(
    ("path", "own"), [("web/views.py", True), ("web/test_client.py", True), ("web/tests/test_a.py", False)]
)
def test_installed_tests_are_no_part_of_the_framework(path, own) -> None:
    assert type_hints.is_own(Path(path)) is own
    assert not type_hints.is_own(Path("web/views_test.py"))


def test_this_environment_is_read() -> None:
    packages = installed.packages()
    assert {"pytest", "django"} <= packages.keys()
    modules = set(installed.modules(packages["pytest"]))
    assert {"pytest", "_pytest.config"} <= modules
    files = list(installed.files(packages["pytest"]))
    assert {path.suffix for path in files} >= {".py", ".typed"} - {".pyc"}
    assert all(path.exists() and path.suffix != ".pyc" for path in files)


def test_a_command_that_is_a_copy_of_a_module_is_not_counted_twice(tmp_path) -> None:
    """Some packages install their only module a second time, as a command."""
    folder = tmp_path / "packages"
    files = [PurePosixPath("one.py"), PurePosixPath("../bin/one.py"), PurePosixPath("one.txt")]
    for file in files:
        (folder / file.parent).mkdir(parents=True, exist_ok=True)
        (folder / file).write_text("pass")
    package = SimpleNamespace(files=files, locate_file=lambda file: folder / file)
    assert list(installed.sources(package)) == [folder / "one.py"]
    assert list(installed.modules(package)) == ["one"]
    assert len(list(installed.files(package))) == 3


def test_an_answer_is_compared_with_what_is_wanted() -> None:
    answer = Answer(200, (), b"Hello")
    expect_answer(answer, 200, "Hello")
    with pytest.raises(Failure, match="answered with status 200 instead of 404"):
        expect_answer(answer, 404)
    with pytest.raises(Failure, match="the answer does not hold 'Bye'"):
        expect_answer(answer, 200, "Bye")


def checking(check, application) -> str:
    """What the check of a program says of an application."""
    job = SimpleNamespace(adapter=SimpleNamespace(interface="wsgi"))
    return check(job, lambda: application)


def speaking(german: str, english: str):
    def application(environ, start_response):
        start_response("200 OK", [])
        return [(german if environ["HTTP_ACCEPT_LANGUAGE"] == "de" else english).encode()]

    return application


def test_texts_may_follow_the_language_without_dates() -> None:
    english = "Milk|March 5, 2026"
    assert "a text and a date" in checking(content.follow_language, speaking("Milch|5. März 2026", english))
    with pytest.raises(Partly, match="translated a text by what the browser asks for, but no date"):
        checking(content.follow_language, speaking("Milch|March 5, 2026", english))
    with pytest.raises(Failure, match="the text is the same"):
        checking(content.follow_language, speaking("Milk|5. März 2026", english))
    with pytest.raises(Failure, match="the dates are"):
        checking(content.follow_language, speaking("Milch|05.03.2026", english))


def refusing_with(status: str):
    def application(environ, start_response):
        words = {"GET": b"read", "DELETE": b"deleted"}
        start_response("200 OK" if environ["REQUEST_METHOD"] in words else status, [])
        return [words.get(environ["REQUEST_METHOD"], b"")]

    return application


def test_a_refused_method_is_told_from_a_missing_page() -> None:
    assert "refused others with 405" in checking(interfaces.tell_methods_apart, refusing_with("405 Not Allowed"))
    with pytest.raises(Partly, match="as if there were no such page"):
        checking(interfaces.tell_methods_apart, refusing_with("404 Not Found"))
    with pytest.raises(Failure, match="answered with status 500 instead of 405"):
        checking(interfaces.tell_methods_apart, refusing_with("500 Error"))
