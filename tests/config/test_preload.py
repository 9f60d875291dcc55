"""What is read at the start, and who prepares first."""

import fcntl
import os
import sys
import threading
from unittest.mock import Mock

import pytest
from django.db import connection
from django.template import Context, TemplateDoesNotExist, engines
from django.template.engine import Engine

import comparison
from comparison.management import alone
from config import gunicorn, memory, preload
from config.files.template_loader import Loader


def test_every_module_that_serves_is_read_and_no_other() -> None:
    names = set(preload.module_names(comparison))
    assert {"comparison.views.kept", "comparison.admin.pages.merge", "comparison.web.search"} <= names
    assert not [name for name in names if name.startswith(preload.NOT_SERVED)]


def test_templates_are_those_of_the_start(tmp_path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "a.html").write_text("old")
    engine = Engine(dirs=[tmp_path])
    preload.freeze_templates(engine)
    (tmp_path / "sub" / "a.html").write_text("new")
    (tmp_path / "b.html").write_text("new")
    assert engine.get_template("sub/a.html").render(Context()) == "old"
    with pytest.raises(TemplateDoesNotExist):
        engine.get_template("b.html")


def test_the_projects_own_templates_are_among_them() -> None:
    loaders = list(preload.file_loaders(engines["django"].engine.template_loaders))
    assert [type(loader) for loader in loaders] == [Loader]


def test_while_debugging_templates_are_read_anew(tmp_path) -> None:
    (tmp_path / "a.html").write_text("old")
    engine = Engine(dirs=[tmp_path], loaders=["django.template.loaders.filesystem.Loader"])
    preload.freeze_templates(engine)
    (tmp_path / "a.html").write_text("new")
    assert engine.get_template("a.html").render(Context()) == "new"


def test_the_site_can_be_read_in_full(monkeypatch) -> None:
    monkeypatch.setattr(preload, "freeze_templates", frozen := Mock())
    monkeypatch.setattr(preload, "connections", Mock())
    preload.load_everything()
    assert frozen.call_count == 1
    assert "comparison.admin.pages.merge" in sys.modules


def test_a_second_start_waits_and_says_so(tmp_path) -> None:
    said, entered, path = Mock(), threading.Event(), tmp_path / "lock"

    def second() -> None:
        with alone.only_one_here(path, said):
            entered.set()

    with alone.only_one_here(path, said):
        said.assert_not_called()
        said.side_effect = lambda message: waiting.set()
        waiting, thread = threading.Event(), threading.Thread(target=second)
        thread.start()
        assert waiting.wait(5)
        assert not entered.is_set()
    thread.join(5)
    assert entered.is_set()
    said.assert_called_once_with(alone.WAITING)
    with path.open() as file:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


@pytest.mark.django_db
@pytest.mark.skipif(
    not os.environ.get("TEST_POSTGRES_URL") or connection.vendor != "postgresql", reason="needs PostgreSQL"
)
def test_starts_on_several_hosts_wait_for_each_other(monkeypatch) -> None:
    other, said = connection.copy(), Mock()
    try:
        with other.cursor() as cursor:
            assert alone._lock(cursor)
            monkeypatch.setattr(alone.time, "sleep", lambda seconds: other.close())
            with alone.only_one_in_database(said):
                said.assert_called_once_with(alone.WAITING)
    finally:
        other.close()


@pytest.mark.django_db
def test_a_file_needs_no_lock_of_the_database(monkeypatch) -> None:
    monkeypatch.setattr(alone, "connection", Mock(vendor="sqlite"))
    with alone.only_one_in_database(Mock()):
        pass


def test_the_collector_leaves_out_what_the_start_has_read(monkeypatch) -> None:
    steps = []
    monkeypatch.setattr(preload, "load_everything", lambda: steps.append("loaded"))
    monkeypatch.setattr(gunicorn, "spare_what_stays", lambda: steps.append("spared"))
    gunicorn.on_starting(Mock())
    assert steps == ["loaded", "spared"]


def test_what_is_loaded_is_spared_and_new_objects_are_looked_at_less_often(monkeypatch) -> None:
    monkeypatch.setattr(memory, "gc", collector := Mock())
    memory.spare_what_stays()
    assert [name for name, *_ in collector.method_calls] == ["collect", "freeze", "set_threshold"]
    assert collector.set_threshold.call_args.args[0] == memory.NEW_OBJECTS > 700  # Python’s own
