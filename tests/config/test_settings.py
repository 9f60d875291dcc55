"""The variables of an installation, the errors for wrong values, and how make installs and starts the site."""

import json
import os
import re
import runpy
import shutil
import socket
import sqlite3
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import partial
from pathlib import Path
from threading import Barrier
from typing import Any
from unittest.mock import patch

import pytest
from django.core.cache import caches
from django.core.exceptions import ImproperlyConfigured
from django.db import connections, transaction
from django.db.utils import ConnectionHandler

from config import env
from config.databases.availability import Availability
from config.secret import stored_secret
from tests.installation import KEY, ROOT, copied, manage_each, python, run

PROXIED = {"SECRET_KEY": KEY, "BEHIND_PROXY": "1", "ALLOWED_HOSTS": "example.org"}
ENVIRONMENT = {"SECRET_KEY", "DEBUG", "ALLOWED_HOSTS", "CSRF_TRUSTED_ORIGINS", "SITE_NAME", "REQUIRE_SECOND_REVIEWER"}
ENVIRONMENT |= {"BEHIND_PROXY", "DATABASES", "CACHES"}
PRINT_SETTINGS = """
import json; from config import settings
print(json.dumps({name: value for name, value in vars(settings).items() if name.isupper()}, default=str))
"""


def settings_of(**environment: str) -> dict[str, Any]:
    """What the module of the settings holds when it is read with these variables and no others."""
    with patch.dict(os.environ, environment, clear=True):
        return runpy.run_path(str(ROOT / "config" / "settings.py"))


def settings_of_copy(folder: Path) -> dict[str, Any]:
    done = python("-c", PRINT_SETTINGS, cwd=folder)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


READERS = (env.text, env.flag, env.words, env.hosts, env.origins, env.secret, env.database, env.cache)
text, flag, words, hosts, origins, secret, database, memory = (partial(reader, "SAMPLE") for reader in READERS)


@pytest.mark.parametrize("empty", [None, "", "   "])
def test_an_empty_variable_counts_as_unset(monkeypatch, empty) -> None:
    monkeypatch.delenv("SAMPLE", raising=False)
    if empty is not None:
        monkeypatch.setenv("SAMPLE", empty)
    assert (text("usual"), flag(True), flag(False)) == ("usual", True, False)
    assert (words("a,b"), hosts("localhost"), origins()) == (["a", "b"], ["localhost"], [])
    assert secret("short default") == "short default"
    assert database(partial(env.sqlite, "usual.db"))["NAME"] == "usual.db"
    assert memory("memory://64")["BACKEND"].endswith("MemoryCache")


@pytest.mark.parametrize(
    ("reader", "value", "expected"),
    [
        (partial(text, "usual"), "  Some name  ", "Some name"),
        *((partial(flag, False), word, True) for word in ("1", "true", "YES", "On", " 1 ")),
        *((partial(flag, True), word, False) for word in ("0", "false", "NO", "Off")),
        (partial(words, ""), " a, b ,,c,", ["a", "b", "c"]),
        (partial(hosts, ""), "example.org, .example.com,[::1],*", ["example.org", ".example.com", "[::1]", "*"]),
        (origins, "https://example.org, http://[::1]:8000", ["https://example.org", "http://[::1]:8000"]),
        (origins, "https://*.example.org", ["https://*.example.org"]),
        (origins, "https://a.org/", ["https://a.org"]),  # a browser's Origin header has no slash and must be equal
        (partial(secret, ""), "x" * 50, "x" * 50),
    ],
)
def test_a_good_value_is_read(monkeypatch, reader, value, expected) -> None:
    monkeypatch.setenv("SAMPLE", value)
    assert reader() == expected


SQL, CACHE, ORIGINS = "sqlite:///path/to/file or postgres://", "memory:// or redis://", "origins with their scheme"
BAD = [
    (partial(flag, False), "1 or 0", ["2", "maybe", "-1", "truee", "1,0"]),
    (partial(hosts, ""), "host names", ["https://a.org", "a.org/x", "a.org b.org", "a.org,/"]),
    (partial(hosts, ""), "host names", ["example.org:8000"]),  # no request would match: Django leaves out the port
    (partial(hosts, ""), "host names", [",", ", ,"]),
    (origins, ORIGINS, ["example.org", "ftp://a.org", "https://", "//a", "https://a.org/x", "https://a.org,b"]),
    (origins, ORIGINS, ["https://["]),
    (partial(secret, ""), "50 random characters or more", ["x" * 49]),
    (partial(database, {}), SQL, ["mysql://h/n", "sqlite://x.db", "sqlite:///", "sqlite:x.db", "x"]),
    (partial(database, {}), SQL, ["postgres://h", "postgres://h/", "postgres://[::1/n"]),
    (partial(database, {}), "port", [f"postgres://h:{port}/n" for port in ("99999", "-1", "abc")]),
    (
        partial(memory, ""),
        CACHE,
        [
            "memory",
            "memory://x",
            "memory://0",
            "memory://10000",
            "memory://-1",
            "redis:",
            "redis:///0",
            "memcached://h",
            "redis://[::1",
        ],
    ),
    (partial(memory, ""), CACHE, ["redis://h/abc"]),
    (partial(memory, ""), "port", ["redis://h:99999/0", "redis://h:abc/0"]),
]


@pytest.mark.parametrize(
    ("reader", "allowed", "value"), [(reader, allowed, value) for reader, allowed, bad in BAD for value in bad]
)
def test_a_bad_value_is_refused_with_name_and_what_is_allowed(monkeypatch, reader, allowed, value) -> None:
    monkeypatch.setenv("SAMPLE", value)
    with pytest.raises(ImproperlyConfigured, match="SAMPLE") as caught:
        reader()
    assert allowed in str(caught.value)
    assert "\n" not in str(caught.value)


# The characters # / ? [ of a password must be percent-encoded in a URL; the error for a raw one shows no password.
LEAKING = [
    (partial(secret, ""), ["hunter2"]),
    (partial(database, {}), ["mysql://u:hunter2@h/n", "postgres://u:hunter2@h", "postgres://u:hunter%32@h/"]),
    (partial(database, {}), ["postgres://u:hunter2@h:99999/n", "postgres://u:hunter2@h:port/n"]),
    (partial(database, {}), ["postgres//u:hunter2@h/n", "postgres:/u:hunter2@h/n"]),
    (partial(database, {}), [f"postgres://u:hunter{sign}2@h/n" for sign in "#/?["]),
    (partial(memory, ""), ["memcached://u:hunter2@h", "redis://:hunter2@:1/0", "redis://:hunter2@h:99999/0"]),
    (partial(memory, ""), ["redis:/:hunter2@h/0", *(f"redis://:hunter{sign}2@h/0" for sign in "#/?[")]),
]


@pytest.mark.parametrize(("reader", "url"), [(reader, url) for reader, urls in LEAKING for url in urls])
def test_a_refused_value_does_not_show_its_password(monkeypatch, reader, url) -> None:
    monkeypatch.setenv("SAMPLE", url)
    with pytest.raises(ImproperlyConfigured, match="SAMPLE") as caught:
        reader()
    assert "hunter" not in str(caught.value)


def test_the_log_of_a_database_that_was_moved_away_is_not_thrown_away(tmp_path) -> None:
    path, log = tmp_path / "x.db", tmp_path / "x.db-wal"
    log.touch()
    env.sqlite(str(path))  # an empty log holds nothing
    log.write_text("changes")
    with pytest.raises(ImproperlyConfigured, match=r"x.db is missing, .* in .*x.db-wal. Move the database back"):
        env.sqlite(str(path))
    done = python("manage.py", "restore", "backup.zip", SECRET_KEY=KEY, DATABASE_URL=f"sqlite:///{path}")
    assert done.stderr.startswith(f"Not started: The database {path} is missing")
    assert log.read_text() == "changes"
    path.touch()
    env.sqlite(str(path))


@pytest.mark.parametrize("path", ["x/y.db", "/x/y.db", "a%20b%23.db", "me@home/x.db"])
def test_an_sqlite_address_names_a_file(monkeypatch, path) -> None:
    monkeypatch.setenv("SAMPLE", f"sqlite:///{path}")
    monkeypatch.setattr(env, "_refuse_unusable_folder", lambda path: None)
    assert database(dict) == env.sqlite(path.replace("%20", " ").replace("%23", "#"))


@pytest.mark.parametrize(
    ("url", "expected", "options"),
    [
        ("postgresql://me%40home:p%2Fw@h:5433/a%20name?a=b&c=d", "me@home p/w h 5433 a name", {"a": "b", "c": "d"}),
        ("postgres:///name", "    name", {}),
        ("postgres:///name?connect_timeout=9&options=", "    name", {"connect_timeout": "9", "options": ""}),
    ],
)
def test_a_postgres_address_is_parsed(monkeypatch, url, expected, options) -> None:
    monkeypatch.setenv("SAMPLE", url)
    config = database(dict)
    assert " ".join(config[name] for name in ("USER", "PASSWORD", "HOST", "PORT", "NAME")) == expected
    assert (config["ENGINE"], config["OPTIONS"]) == ("config.databases.postgresql", env.POSTGRES_OPTIONS | options)


@pytest.mark.parametrize("url", ["redis://localhost", "redis://:pw@localhost:6380/2", "rediss://example.org/0"])
def test_a_redis_address_configures_the_cache(monkeypatch, url) -> None:
    monkeypatch.setenv("SAMPLE", url)
    config = memory("memory://")
    assert (config["BACKEND"], config["LOCATION"]) == ("config.caches.redis_cache.ForgivingRedisCache", url)
    assert config["OPTIONS"] == {"socket_connect_timeout": 0.5, "socket_timeout": 0.5}


@pytest.mark.django_db
def test_pages_are_served_without_redis(monkeypatch, settings, client, caplog) -> None:
    monkeypatch.setattr("config.caches.redis_cache.availability", Availability("cache"))
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, but not listening
        monkeypatch.setenv("SAMPLE", f"redis://127.0.0.1:{taken.getsockname()[1]}/0")
        settings.CACHES = {"default": memory("memory://")}
        assert client.get("/about/").status_code == 200
    assert [line.partition(":")[0] for line in caplog.messages if line != "request"] == [
        "The cache does not answer and is asked again in 5 s"
    ]


@pytest.mark.skipif("TEST_REDIS_URL" not in os.environ, reason="TEST_REDIS_URL names no Redis server to test with")
def test_redis_keeps_a_value(monkeypatch, settings) -> None:
    monkeypatch.setattr("config.caches.redis_cache.availability", Availability("cache"))
    monkeypatch.setenv("SAMPLE", os.environ["TEST_REDIS_URL"])
    settings.CACHES = {"default": memory("memory://") | {"KEY_PREFIX": "crosscheck-tests"}}
    try:
        caches["default"].set("page", (b"body \xff", "text/html"), 60)
        assert caches["default"].get("page") == (b"body \xff", "text/html")
    finally:
        caches["default"].delete("page")
        caches["default"].close()


@pytest.mark.parametrize(
    ("variable", "value", "setting", "default", "expected"),
    [
        ("SECRET_KEY", KEY[::-1], "SECRET_KEY", KEY, KEY[::-1]),
        ("ALLOWED_HOSTS", "a.org,b.org", "ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"], ["a.org", "b.org"]),
        ("CSRF_TRUSTED_ORIGINS", "https://a.org", "CSRF_TRUSTED_ORIGINS", [], ["https://a.org"]),
        ("SITE_NAME", "Elsewhere", "SITE_NAME", "Crosscheck", "Elsewhere"),
        *((name, "1", name, False, True) for name in ("DEBUG", "REQUIRE_SECOND_REVIEWER", "BEHIND_PROXY")),
        ("STALE_AFTER_DAYS", "30", "STALE_AFTER_DAYS", 730, 30),
        ("LOG_FORMAT", "json", "LOG_FORMAT", "line", "json"),
        ("METRICS", "1", "METRICS", False, True),
        ("METRICS_TOKEN", "t" * 50, "METRICS_TOKEN", "", "t" * 50),
        ("BEHIND_PROXY", "1", "SECURE_SSL_REDIRECT", None, True),
        ("BEHIND_PROXY", "1", "SECURE_PROXY_SSL_HEADER", None, ("HTTP_X_FORWARDED_PROTO", "https")),
        ("BEHIND_PROXY", "1", "SECURE_REDIRECT_EXEMPT", None, ["^healthz$", "^readyz$", "^metrics$"]),
        ("BEHIND_PROXY", "1", "SESSION_COOKIE_SECURE", None, True),
        ("BEHIND_PROXY", "1", "CSRF_COOKIE_SECURE", None, True),
    ],
)
def test_a_variable_sets_only_its_setting(variable, value, setting, default, expected) -> None:
    without, changed = settings_of(SECRET_KEY=KEY), settings_of(**{"SECRET_KEY": KEY, variable: value})
    assert (without.get(setting), changed[setting]) == (default, expected)
    others = ENVIRONMENT - {variable}
    assert {name: changed[name] for name in others} == {name: without[name] for name in others}


def test_databases_and_cache_come_from_their_variables() -> None:
    databases = {"DATABASE_URL": "postgres://h/main", "DATABASE_REPLICA_URL": "postgres://r/copy"}
    settings = settings_of(SECRET_KEY=KEY, CACHE_URL="redis://c/1", **databases)
    names = {alias: (database["HOST"], database["NAME"]) for alias, database in settings["DATABASES"].items()}
    assert names == {"default": ("h", "main"), "replica": ("r", "copy")}
    assert settings["CACHES"]["default"]["LOCATION"] == "redis://c/1"


@pytest.mark.parametrize("name", ["plain", "with space", "c#", "what?", "100%41"])
def test_without_variables_all_data_stays_in_the_projects_folder_whatever_its_name(tmp_path, name) -> None:
    settings = settings_of_copy(copied(tmp_path / name, "config"))
    files = {alias: database["NAME"] for alias, database in settings["DATABASES"].items()}
    assert files == {"default": str(tmp_path / name / "var" / "crosscheck.sqlite3")}
    assert settings["CACHES"]["default"] == {
        "BACKEND": "config.caches.memory_cache.MemoryCache",
        "OPTIONS": {"MAX_BYTES": 64_000_000},
    }
    assert settings["SECRET_KEY"] == (tmp_path / name / "var" / "secret-key").read_text()


WRONG = [
    {"SECRET_KEY": "short", "DEBUG": "maybe", "REQUIRE_SECOND_REVIEWER": "two", "BEHIND_PROXY": "nginx"},
    {"ALLOWED_HOSTS": "https://example.org", "CSRF_TRUSTED_ORIGINS": "example.org", "CACHE_URL": "disk://here"},
    {"LOG_FORMAT": "xml", "METRICS": "some", "METRICS_TOKEN": "short"},
    {"METRICS_TOKEN": "é" * 50},  # no header carries it
    {"STALE_AFTER_DAYS": "soon", "DATABASE_URL": "oracle://h/n", "DATABASE_REPLICA_URL": "postgres://[h/n"},
]
# Without settings Django does not know the project's own commands, so one of them is tested too.
REFUSED = [*(("check", *pair) for values in WRONG for pair in values.items()), ("prepare", "DEBUG", "maybe")]


@pytest.fixture(scope="module")
def refused() -> dict[tuple[str, str, str], subprocess.CompletedProcess[str]]:
    starts = [([command], {"SECRET_KEY": KEY, variable: value}) for command, variable, value in REFUSED]
    return dict(zip(REFUSED, manage_each(starts), strict=True))


@pytest.mark.parametrize(("command", "variable", "value"), REFUSED)
def test_a_wrong_value_stops_manage_with_one_sentence(refused, command, variable, value) -> None:
    done = refused[command, variable, value]
    assert (done.returncode, len(done.stderr.splitlines())) == (1, 1), done.stderr
    assert done.stderr.startswith(f"Not started: {variable}")


def test_the_deployment_check_is_clean() -> None:
    done = python("manage.py", "check", "--deploy", "--fail-level", "WARNING", **PROXIED)
    assert (done.returncode, "no issues" in done.stdout) == (0, True), done.stderr


def test_behind_a_proxy_plain_requests_are_sent_to_https_but_probes_answered() -> None:
    script = """
import django; django.setup()
from django.test import Client
for address in ("/?a=b", "/healthz"):
    answer = Client().get(address, headers={"host": "example.org"})
    print(answer.status_code, answer.headers.get("Location"))
print(Client().get("/healthz", headers={"host": "example.org", "x-forwarded-proto": "https"})
      .headers["Strict-Transport-Security"])
"""
    done = python("-c", script, DJANGO_SETTINGS_MODULE="config.settings", **PROXIED)
    lines = done.stdout.splitlines()
    assert lines[:2] == ["301 https://example.org/?a=b", "200 None"], done.stderr
    assert lines[2].startswith("max-age=31536000; includeSubDomains")


def test_the_folder_for_data_can_be_another(tmp_path) -> None:
    moved = settings_of(VAR_DIR=str(tmp_path / "data"))
    assert (moved["VAR_DIR"], moved["STATIC_ROOT"]) == (tmp_path / "data", tmp_path / "data" / "static")
    assert moved["DATABASES"]["default"]["NAME"] == str(tmp_path / "data" / "crosscheck.sqlite3")
    assert (tmp_path / "data" / "secret-key").exists()


@pytest.mark.parametrize("command", ["check", "migrate", "runserver"])
def test_a_database_in_no_folder_is_named_with_the_way_out(tmp_path, command) -> None:
    url = f"sqlite:///{tmp_path}/nowhere/x.db"
    done = python("manage.py", command, SECRET_KEY=KEY, DATABASE_URL=url)
    problem = (
        f"Not started: The database {tmp_path}/nowhere/x.db cannot be made: there is no folder {tmp_path}/nowhere. "
    )
    assert done.stderr == problem + "Mend that, or set DATABASE_URL to another.\n"


def test_a_folder_that_may_not_be_written_holds_no_new_database(monkeypatch, tmp_path) -> None:
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    with pytest.raises(ImproperlyConfigured, match=f"this user may not write to {tmp_path}"):
        env.sqlite(str(tmp_path / "x.db"))
    (tmp_path / "x.db").touch()
    env.sqlite(str(tmp_path / "x.db"))


def test_the_folder_of_the_own_database_is_made(tmp_path) -> None:
    env.own_sqlite(tmp_path / "data" / "x.db")
    assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o700
    (tmp_path / "file").touch()
    with pytest.raises(ImproperlyConfigured, match="there is no folder"):
        env.own_sqlite(tmp_path / "file" / "x.db")


def test_the_own_database_matters_only_where_no_other_is_named(monkeypatch) -> None:
    monkeypatch.setenv("SAMPLE", "postgres://somewhere/db")
    assert database(lambda: pytest.fail("the default was made"))["NAME"] == "db"


def test_a_first_start_with_a_given_secret_makes_its_folder(tmp_path) -> None:
    copied(tmp_path, "config", "comparison", "templates", "static", ignored="sources")  # which take long to load
    shutil.copy(ROOT / "manage.py", tmp_path)
    done = python("manage.py", "prepare", cwd=tmp_path, SECRET_KEY=KEY)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "var" / "crosscheck.sqlite3").exists()
    assert not (tmp_path / "var" / "secret-key").exists()


def test_a_secret_is_readable_only_by_its_owner_and_kept(tmp_path) -> None:
    path = tmp_path / "var" / "secret-key"
    first = stored_secret(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert len(first) >= 50
    assert stored_secret(path) == first == path.read_text()
    assert [file.name for file in path.parent.iterdir()] == ["secret-key"]
    assert stored_secret(tmp_path / "other") != first


def test_concurrent_starts_agree_on_one_secret(tmp_path) -> None:
    start = Barrier(16)

    def begin(_: int) -> str:
        start.wait()
        return stored_secret(tmp_path / "var" / "secret-key")

    with ThreadPoolExecutor(16) as pool:
        keys = set(pool.map(begin, range(16)))
    assert keys == {(tmp_path / "var" / "secret-key").read_text()}
    assert len(list((tmp_path / "var").iterdir())) == 1


def test_a_start_that_loses_the_race_uses_the_winners_secret(tmp_path, monkeypatch) -> None:
    winner = stored_secret(tmp_path / "secret-key")
    monkeypatch.setattr(Path, "exists", lambda path: False)
    assert stored_secret(tmp_path / "secret-key") == winner
    assert [file.name for file in tmp_path.iterdir()] == ["secret-key"]


@pytest.mark.parametrize("content", [b"", b"\n", b"x" * 49, b"\xff\xfe" * 40], ids=["empty", "line", "short", "bytes"])
def test_a_damaged_secret_is_refused_with_advice(tmp_path, content) -> None:
    path = tmp_path / "secret-key"
    path.write_bytes(content)
    with pytest.raises(ImproperlyConfigured, match="Delete it and start again") as caught:
        stored_secret(path)
    assert str(path) in str(caught.value)
    assert path.read_bytes() == content


@pytest.mark.parametrize("below", ["secret-key", "deeper/secret-key"])
def test_a_folder_that_cannot_be_used_is_named_with_advice(tmp_path, below) -> None:
    (tmp_path / "var").write_text("a file in the folder's place")
    path = tmp_path / "var" / below
    with pytest.raises(ImproperlyConfigured, match="or set SECRET_KEY to 50 random characters") as caught:
        stored_secret(path)
    assert f"Make {path.parent} writable" in str(caught.value)


@pytest.fixture
def sqlite(tmp_path, monkeypatch, django_db_blocker):
    """The alias of a connection as DATABASE_URL makes it."""
    monkeypatch.setenv("SAMPLE", f"sqlite:///{tmp_path / 'x.db'}")
    connections["sample"] = ConnectionHandler({"default": {}, "sample": database(dict)})["sample"]
    with django_db_blocker.unblock():
        yield "sample"
    connections["sample"].close()
    del connections["sample"]


def test_sqlite_uses_write_ahead_logging(sqlite) -> None:
    with connections[sqlite].cursor() as cursor:
        names = ("journal_mode", "synchronous", "busy_timeout")
        assert [cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in names] == ["wal", 1, 20_000]


@pytest.mark.parametrize("address", ["sqlite:///x.db", "postgres://u:p@localhost/x"])
def test_a_connection_outlives_a_request(monkeypatch, address) -> None:
    monkeypatch.setenv("SAMPLE", address)
    assert database(dict)["CONN_MAX_AGE"] == 60


def test_an_sqlite_transaction_holds_the_write_lock_from_its_start(sqlite, tmp_path) -> None:
    with closing(sqlite3.connect(tmp_path / "x.db", timeout=0, isolation_level=None)) as other:
        with transaction.atomic(using=sqlite), pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("BEGIN IMMEDIATE")
        other.execute("BEGIN IMMEDIATE")


# Replaces python: records each call, fails the calls that FAIL matches, reports the version in OLD.
STAND_IN = f"""#!/bin/sh
echo "${{0##*/}} $*" >> calls
case "$*" in $FAIL) exit 1;; esac
case "$1" in -c) exec '{sys.executable}' -c "import os, sys
old = os.environ.get('OLD')
if old: sys.version, sys.version_info = old, tuple(map(int, old.split('.')))
exec(sys.argv[1])" "$2";; esac
case "$*" in *"-m venv"*) mkdir -p .venv/bin; cp "$0" .venv/bin/python;; esac
"""


def make(folder: Path, *arguments: str, **environment: str) -> tuple[subprocess.CompletedProcess[str], str]:
    """Runs make on a copy of the Makefile; also returns the calls it made."""
    if not (folder / "Makefile").exists():
        shutil.copy(ROOT / "Makefile", folder)
        (folder / "requirements.txt").touch()
        (folder / "any-python").write_text(STAND_IN)
        (folder / "any-python").chmod(0o755)
    (folder / "calls").write_text("")
    done = run("make", "PYTHON=./any-python", *arguments, cwd=folder, **environment)
    return done, (folder / "calls").read_text()


def test_make_run_installs_once_then_prepares_and_serves(tmp_path) -> None:
    done, first = make(tmp_path, "run", "PORT=8123", "WORKERS=3")
    assert (done.returncode, "http://127.0.0.1:8123/" in done.stdout) == (0, True), done.stderr
    assert re.search(
        r"install .*--require-hashes --requirement requirements\.txt\n"
        r"python manage\.py prepare --host 127\.0\.0\.1 --port 8123 --workers 3\n"
        r"python -m gunicorn config\.wsgi --bind 127\.0\.0\.1:8123 --workers 3 --config python:config\.gunicorn\n$",
        first,
    )
    _, second = make(tmp_path)
    assert [call.split()[2] for call in second.splitlines()] == ["prepare", "gunicorn"]
    assert "--port 8000" in second


@pytest.mark.parametrize(("fail", "installed"), [("*--requirement*", False), ("*prepare*", True)])
def test_make_does_not_serve_after_a_failure(tmp_path, fail, installed) -> None:
    done, calls = make(tmp_path, "run", FAIL=fail)
    assert (done.returncode, "gunicorn" in calls, "Serving" in done.stdout) == (2, False, False)
    assert (tmp_path / ".venv" / "serving").exists() == installed


def test_make_without_a_network_says_what_it_needs(tmp_path) -> None:
    done, _ = make(tmp_path, "run", FAIL="*--requirement*")
    assert "It needs a network, or a mirror that PIP_INDEX_URL names. Nothing is lost: run make again." in done.stdout


def test_make_listens_on_another_address(tmp_path) -> None:
    done, calls = make(tmp_path, "run", "HOST=0.0.0.0")
    assert "Serving on http://0.0.0.0:8000/" in done.stdout
    assert "prepare --host 0.0.0.0 --port 8000" in calls
    assert "--bind 0.0.0.0:8000" in calls


@pytest.mark.parametrize(
    ("environment", "message"),
    [
        ({"OLD": "3.10.4"}, "Python 3.11 or newer is needed; this is 3.10.4. Name another: make run PYTHON="),
        ({"FAIL": "*pip --version"}, "pip is missing. Install it, for example: apt install python3-pip"),
    ],
)
def test_make_names_what_is_missing(tmp_path, environment, message) -> None:
    done, _ = make(tmp_path, "run", **environment)
    assert (done.returncode, message in done.stdout + done.stderr) == (2, True)
    assert not (tmp_path / ".venv").exists()


@pytest.mark.parametrize("value", ["0", "36501", "-1", "1.5", "²", "9" * 20])
def test_numbers_out_of_range_are_refused(monkeypatch, value) -> None:
    monkeypatch.setenv("SAMPLE", value)
    with pytest.raises(ImproperlyConfigured, match="a whole number from 1 to 36500"):
        env.number("SAMPLE", 730, 1, 36500)


def test_a_form_may_hold_a_long_article_twice(settings) -> None:
    assert settings.DATA_UPLOAD_MAX_MEMORY_SIZE >= 2 * 8_000_000 + 1_000_000
    assert settings.DATA_UPLOAD_MAX_NUMBER_FIELDS >= 20_000
