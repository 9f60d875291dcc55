"""How pages are answered, whatever they show, and what prepares a site to answer."""

import re
import shutil
import socket
from unittest.mock import Mock

import pytest
from django.contrib.auth import get_user_model
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import connection, router
from django.test import Client

import config.settings
from comparison.files import catalogue_load
from comparison.files.catalogue_load import SHIPPED
from comparison.models import Claim, Criterion, Edition, Framework
from comparison.serving import answer
from comparison.serving import release as releases
from comparison.serving.middleware import forget_addresses
from config.databases.replica import public_databases, reads_from
from config.middleware import MAX_QUERY_LENGTH
from tests.database import recorded
from tests.installation import KEY, copied, python
from tests.make import fill, make_check, make_claim, make_criterion, make_framework, make_source, make_user
from tests.reading import INLINE, answered, break_after_edition

pytestmark = pytest.mark.django_db

TABLE = "/compare/alpha-vs-beta/"
PUBLIC = ["/", "/compare/", TABLE, f"{TABLE}speed/", "/frameworks/", "/frameworks/alpha/", "/criteria/"]
PUBLIC += ["/criteria/speed/", "/sources/", "/sources/article/", "/claims/", "/claims/{}/", "/disputes/", "/search/"]
PUBLIC += ["/methodology/", "/about/", "/changes/"]
OTHER = ["/healthz", "/readyz", "/changes/feed/", "/robots.txt", "/sitemap.xml", "/compare/alpha-vs-beta.json"]
public = pytest.mark.parametrize("address", PUBLIC)
VARY = {"/": "Accept-Encoding, Accept-Language"}  # where the browser chooses the language
POLICY = config.settings.CONTENT_SECURITY_POLICY
STYLE = re.compile(r'<link rel="stylesheet" href="(/static/site\.[0-9a-f]{12}\.css)">')


@pytest.fixture(autouse=True)
def _own_static_root(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path / "static"
    settings.STATIC_ROOT.mkdir()


@pytest.fixture
@recorded
def claim():
    """A catalogue in which every address of PUBLIC, filled with the claim's key, exists."""
    make_framework("Beta")
    speed, article = make_criterion(name="Speed"), make_source("Article")
    return make_claim(framework=make_framework("Alpha"), criterion=speed, source=article)


def policy(response) -> str:
    return response.headers.get("Content-Security-Policy", "")


def cache_headers(response) -> list[str]:
    return [response.headers[name] for name in ("ETag", "Cache-Control", "Vary")]


@public
def test_public_pages_answer_with_policy_and_without_cookies(client, claim, address) -> None:
    response = client.get(address.format(claim.pk))
    assert (response.status_code, policy(response)) == (200, POLICY)
    assert not response.cookies
    assert cache_headers(response)[1:] == ["public, max-age=0, must-revalidate", VARY.get(address, "Accept-Encoding")]


def test_the_policy_allows_nothing_inline_and_nothing_from_elsewhere() -> None:
    assert POLICY.startswith("default-src 'none'; ")
    assert {word for rule in POLICY.split("; ") for word in rule.split()[1:]} == {"'none'", "'self'", "data:"}


@pytest.mark.parametrize(
    ("address", "status"),
    [("/admin/login/", 200), ("/nothing/", 404), ("/static/nothing.css", 404), ("/?%00", 400), ("/favicon.ico", 302)],
)
def test_other_answers_have_the_policy_too(client, address, status) -> None:
    response = client.get(address)
    assert (response.status_code, policy(response)) == (status, POLICY)


def test_the_search_for_inline_code_finds_it() -> None:
    for html in ("<script>", "<script defer>", "<STYLE>", '<p style="x">', "<a\nonclick=x>", "<a href='javascript:x'>"):
        assert INLINE.search(html)
    assert not INLINE.search('<script src="x.js" defer></script><a href="/x">on time = now, style=plain</a>')


@pytest.mark.parametrize("size", [2, 5])
def test_no_page_has_inline_script_or_style(client, size) -> None:
    compared = fill(size, 10)
    findings = ("false", "misleading", "outdated", "confirmed")
    for finding, claim in zip(findings, Claim.objects.all()[:4], strict=True):
        make_check(claim, finding)
    table = "/compare/" + "-vs-".join(sorted(framework.slug for framework in compared)) + "/"
    addresses = ["/", "/compare/", table, f"{table}?show=nonsense", f"{table}?show=differences&q=x", "/admin/login/"]
    addresses += [f"{table}{slug}/" for slug in Criterion.objects.values_list("slug", flat=True)]
    addresses += [f"/claims/{claim.pk}/", f"/frameworks/{compared[0].slug}/", "/nothing/", "/compare/framewrk-1/"]
    for address in addresses:
        html = client.get(address).content.decode()
        assert "</html>" in html
        assert INLINE.search(html) is None, (address, INLINE.search(html))


@pytest.mark.parametrize("address", [*PUBLIC, *OTHER[2:], "/admin/login/", "/nothing/"])
@pytest.mark.parametrize("ending", ["%00", "?q=%00", "?%00=a", "?q=" + "x" * 9_998])
def test_malformed_addresses_are_refused(client, claim, address, ending) -> None:
    response = client.get(address.format(claim.pk) + ending)
    html = response.content.decode()
    assert (response.status_code, policy(response), INLINE.search(html)) == (400, POLICY, None)
    assert re.search(r"NUL byte|has 10000 characters; at most 8000", html)
    assert '<a href="/">' in html


@public
@pytest.mark.parametrize(
    "query", ["q=" + "x" * (MAX_QUERY_LENGTH - 2), "source=" + "9" * (MAX_QUERY_LENGTH - 7), "q=%ff"]
)
def test_the_longest_and_oddest_queries_break_nothing(client, claim, address, query) -> None:
    assert client.get(f"{address.format(claim.pk)}?{query}").status_code == 200


@pytest.mark.parametrize("address", [*PUBLIC, *OTHER])
@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options"])
def test_public_pages_are_only_read(client, claim, address, method) -> None:
    client.get(address.format(claim.pk))
    response = getattr(client, method)(address.format(claim.pk))
    assert (response.status_code, response.headers["Allow"]) == (405, "GET, HEAD")


@public
def test_head_has_the_headers_of_get_and_no_body(client, claim, address) -> None:
    head, get = client.head(address.format(claim.pk)), client.get(address.format(claim.pk))
    assert (head.status_code, head.content) == (200, b"")
    assert (cache_headers(head), head.headers["Content-Type"]) == (cache_headers(get), get.headers["Content-Type"])
    assert b"</html>" in get.content


@public
def test_a_page_asked_for_again_costs_one_query(client, claim, address, django_assert_num_queries) -> None:
    first = client.get(address.format(claim.pk))
    with django_assert_num_queries(1):
        second = client.get(address.format(claim.pk))
    assert answered(second) == answered(first)


@public
@pytest.mark.parametrize("etags", ["{}", '"other", {}', '{} , W/"x"'])
def test_an_unchanged_page_is_not_sent_again(client, claim, address, etags, django_assert_num_queries) -> None:
    first = client.get(address.format(claim.pk))
    cache.clear()
    with django_assert_num_queries(1):
        second = client.get(address.format(claim.pk), headers={"if-none-match": etags.format(first.headers["ETag"])})
    assert (second.status_code, second.content, cache_headers(second)) == (304, b"", cache_headers(first))


@public
def test_a_new_edition_changes_etag_and_body(client, claim, address) -> None:
    first = client.get(address.format(claim.pk))
    edition = f"Edition {Edition.objects.publish('Something changed').number},".encode()
    second = client.get(address.format(claim.pk), headers={"if-none-match": first.headers["ETag"]})
    assert second.headers["ETag"] != first.headers["ETag"]
    assert (second.status_code, edition in second.content, edition in first.content) == (200, True, False)


def test_answers_differ_by_scheme_host_path_and_query(client, claim, settings) -> None:
    settings.ALLOWED_HOSTS = ["a.example", "b.example"]
    answers = [
        client.get(address, headers={"host": host}, secure=secure)
        for host in ("a.example", "b.example", "a.example:81")
        for secure in (False, True)
        for address in ("/compare/", "/compare/?pick=alpha", "/frameworks/alpha/")
    ]
    assert len({answer.headers["ETag"] for answer in answers}) == len(answers)
    assert [b"http://a.example/" in answer.content for answer in answers] == [True] * 3 + [False] * 15


def test_an_unknown_host_is_refused(client) -> None:
    assert client.get("/compare/", headers={"host": "evil.example"}).status_code == 400


def test_a_curator_sees_the_public_page_everyone_sees(client, claim) -> None:
    public_content = client.get("/").content
    cache.clear()
    client.force_login(make_user("Editor"))
    answer = client.get("/")
    assert (answer.content, len(answer.cookies)) == (public_content, 0)


def test_the_sites_name_is_shown_and_another_name_is_another_release(client, settings) -> None:
    before = releases.release.__wrapped__()
    settings.SITE_NAME = "Else & where"
    assert "– Else &amp; where</title>" in client.get("/").content.decode()
    assert releases.release.__wrapped__() != before


def test_debugging_bypasses_the_cache(client, settings) -> None:
    before = client.get("/compare/").headers["ETag"]
    settings.DEBUG = True
    make_framework("Gamma")
    response = client.get("/compare/", headers={"if-none-match": before})
    assert (b"Gamma" in response.content, "ETag" in response.headers) == (True, False)
    settings.DEBUG = False
    assert b"Gamma" not in client.get("/compare/").content


@pytest.fixture
def site(settings, monkeypatch, tmp_path):
    """A copy of what draws the pages, and no memory of an earlier release in this process."""
    settings.BASE_DIR = copied(tmp_path / "site", "templates", "comparison", "static")
    settings.STATICFILES_DIRS = [settings.BASE_DIR / "static"]
    monkeypatch.setattr(releases, "__file__", str(settings.BASE_DIR / "comparison" / "serving" / "release.py"))
    release = releases.release.__wrapped__
    for module in (releases, answer):
        monkeypatch.setattr(module, "release", release)
    return settings.BASE_DIR


CODE = ["comparison/tables/cells/views.py", "comparison/templatetags/comparison.py", "comparison/models/claims.py"]


@pytest.mark.parametrize("changed", ["templates/base.html", "templates/comparison/table.html", *CODE])
def test_a_change_of_what_draws_pages_is_another_release(site, changed) -> None:
    before = releases.release()
    with (site / changed).open("a") as file:
        file.write("\n")
    assert releases.release() != before


def test_a_new_style_sheet_reaches_browsers_that_cached_the_page(client, site, settings) -> None:
    """A cached page links the old style sheet, which a new installation does not have."""
    settings.STORAGES = config.settings.STORAGES
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    call_command("collectstatic", interactive=False, verbosity=0)
    first = client.get("/")
    (site / "static" / "site.css").write_text("a{}")
    settings.STATIC_ROOT = settings.STATIC_ROOT.with_name("later")
    call_command("collectstatic", interactive=False, verbosity=0)
    forget_addresses()  # as in another process
    later = Client().get("/", headers={"if-none-match": first.headers["ETag"]})
    assert later.status_code == 200
    assert STYLE.search(later.content.decode())[1] != STYLE.search(first.content.decode())[1]


def test_scripts_import_each_other_by_hashed_names(site, settings) -> None:
    """A browser that cached a script would otherwise combine it with another release of what it imports."""
    settings.STORAGES = config.settings.STORAGES
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    call_command("collectstatic", interactive=False, verbosity=0)
    imports = re.compile(r"from \"\./(.*)\";")
    importing = [path.name for path in (site / "static").glob("*.js") if imports.search(path.read_text())]
    assert {"adjust.js", "profile.js", "read.js", "swap.js"} <= set(importing)
    for name in importing:
        served = settings.STATIC_ROOT / staticfiles_storage.stored_name(name)
        names = imports.findall((site / "static" / name).read_text())
        imported = imports.findall(served.read_text())
        assert imported == [staticfiles_storage.stored_name(each) for each in names]
        assert not set(imported) & set(names)
        assert all((settings.STATIC_ROOT / each).is_file() for each in imported)


def test_a_page_not_found_links_to_others(client) -> None:
    response = client.get("/nothing/")
    html = response.content.decode()
    assert (response.status_code, "<h1>Not found</h1>" in html, len(response.cookies)) == (404, True, 0)
    assert {'href="/compare/"', 'href="/en/"'} <= set(re.findall(r'href="[^"]*"', html))


def test_a_foreign_host_name_is_refused_with_the_setting_to_change(client) -> None:
    response = client.get("/", headers={"host": "<b>evil.example"})
    html = response.content.decode()
    assert (response.status_code, policy(response), "evil" in html) == (400, POLICY, False)
    assert "ALLOWED_HOSTS" in html


def test_more_than_is_read_at_once_is_refused_with_the_limit(client) -> None:
    client.force_login(make_user("Editor"))  # strangers may send much less
    fields = client.post("/admin/comparison/claim/add/", {f"f{n}": "" for n in range(25_001)})
    assert (fields.status_code, "25,000" in fields.content.decode()) == (400, True)
    form = {"content_type": "application/x-www-form-urlencoded"}
    weight = client.post("/admin/comparison/claim/add/", "a=" + "b" * 25_000_001, **form)
    assert (weight.status_code, "25 MB" in weight.content.decode()) == (400, True)


def test_a_broken_page_says_so_and_links_to_the_front_page(client) -> None:
    client.raise_request_exception = False
    with connection.execute_wrapper(Mock(side_effect=ZeroDivisionError("hunter2"))):
        response = client.get("/")
    html = response.content.decode()
    assert (response.status_code, policy(response), "hunter2" in html) == (500, POLICY, False)
    assert ("<h1>Something broke" in html, '<a href="/">' in html, INLINE.search(html)) == (True, True, None)


def test_errors_and_redirects_are_not_cached(client) -> None:
    client.raise_request_exception = False
    other = [client.get("/frameworks/alpha/"), client.get("/compare/?framework=alpha&framework=beta")]
    with connection.execute_wrapper(break_after_edition):
        other.append(client.get("/"))
    make_framework("Alpha")
    make_framework("Beta")
    other += [client.get("/compare/beta-vs-alpha/"), client.get("/compare/?framework=alpha&framework=beta")]
    assert [answer.status_code for answer in other] == [404, 404, 503, 301, 302]
    assert not [answer for answer in other if "ETag" in answer.headers]
    assert [client.get(address).status_code for address in ("/", "/frameworks/alpha/")] == [200, 200]


def test_only_reads_of_public_pages_go_to_the_replica(settings, monkeypatch) -> None:
    assert list(public_databases()) == ["default"]
    monkeypatch.setitem(settings.DATABASES, "replica", settings.DATABASES["default"])
    assert list(public_databases()) == ["replica", "default"]
    with reads_from("replica"):
        with reads_from("replica"):
            pass
        assert (Edition.objects.all().db, router.db_for_write(Edition)) == ("replica", "default")
    with pytest.raises(ZeroDivisionError), reads_from("replica"):
        _ = 1 / 0
    assert Edition.objects.all().db == "default"
    assert [router.allow_migrate(alias, "comparison") for alias in ("default", "replica")] == [True, False]


def test_what_was_read_from_the_replica_is_not_written_there() -> None:
    read = Edition(number=1)
    read._state.db = "replica"
    assert router.db_for_write(Edition, instance=read) == "default"


def test_public_pages_show_the_replica_and_curators_their_own_writes(tmp_path) -> None:
    script = """
import django, shutil; django.setup()
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connections
from django.test import Client
from comparison.models import Framework
call_command("migrate", verbosity=0); connections.close_all()
shutil.copy(connections["default"].settings_dict["NAME"], connections["replica"].settings_dict["NAME"])
Framework.objects.create(slug="first", name="Only first")
Framework.objects.using("replica").create(slug="copy", name="Only copy")
curator = Client(headers={"host": "localhost"})
curator.force_login(User.objects.create_superuser("admin"))
for address in ("/compare/", "/admin/comparison/framework/"):
    page = curator.get(address).content.decode()
    print("Only first" in page, "Only copy" in page, any(connections["default"].queries))
"""
    urls = {"DATABASE_URL": f"sqlite:///{tmp_path}/first.db", "DATABASE_REPLICA_URL": f"sqlite:///{tmp_path}/copy.db"}
    done = python("-c", script, DJANGO_SETTINGS_MODULE="config.settings", SECRET_KEY=KEY, DEBUG="1", **urls)
    assert done.stdout.splitlines() == ["False True False", "True False True"], done.stderr


@pytest.fixture
def one_source(monkeypatch, tmp_path) -> None:
    """As if the shipped catalogue had one source: all of them take long to load."""
    folder = shutil.copytree(SHIPPED, tmp_path / "catalogue", ignore=shutil.ignore_patterns("sources"))
    (folder / "sources").mkdir()
    shutil.copy(SHIPPED / "sources" / "flask-package-metadata.yaml", folder / "sources")
    monkeypatch.setattr(catalogue_load, "SHIPPED", folder)


def test_the_first_start_makes_everything_ready(one_source, client, settings, capsys) -> None:
    settings.STORAGES = config.settings.STORAGES
    call_command("prepare")
    password = re.search(r"User: admin  Password: (\S+)  \(shown only this once\)", capsys.readouterr().out)[1]
    assert client.login(username="admin", password=password)
    assert client.get("/admin/").headers["Location"] == "/admin/password_change/"
    assert Claim.objects.published().exists()
    answer = client.get(STYLE.search(client.get("/").content.decode())[1])
    answer.close()
    assert (answer.status_code, policy(answer)) == (200, POLICY)
    assert "immutable" in answer.headers["Cache-Control"]


def test_a_second_start_keeps_what_was_edited_and_says_nothing(one_source, capsys) -> None:
    call_command("prepare")
    claim, password = Claim.objects.all()[0], get_user_model().objects.get().password
    Claim.objects.filter(pk=claim.pk).update(statement="Put otherwise")
    number = Edition.objects.current().number
    capsys.readouterr()
    call_command("prepare")
    assert capsys.readouterr().out == ""
    claim.refresh_from_db()
    assert (claim.statement, Edition.objects.current().number) == ("Put otherwise", number)
    assert get_user_model().objects.get().password == password


def test_no_administrator_is_made_where_there_is_one() -> None:
    make_framework()
    make_user(username="me", is_superuser=True)
    call_command("prepare")
    assert [user.username for user in get_user_model().objects.all()] == ["me"]


def test_a_port_in_use_stops_everything(settings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port)), server.accept()[0]:
            pass  # hung up on a visitor: the system keeps that pair of ports for a minute, which must not matter
        with pytest.raises(CommandError, match=rf"^Port {port} is in use.* make run PORT={port + 1}$"):
            call_command("prepare", port=str(port))
    assert [*get_user_model().objects.all(), *Framework.objects.all(), *settings.STATIC_ROOT.iterdir()] == []
    make_framework()
    call_command("prepare", port=str(port))
    assert (settings.STATIC_ROOT / "site.css").exists()


def test_an_option_that_the_database_does_not_know_stops_with_advice(tmp_path) -> None:
    pytest.importorskip("psycopg")
    environment = {"SECRET_KEY": KEY, "VAR_DIR": str(tmp_path), "DATABASE_URL": "postgres://127.0.0.1:1/x?speed=high"}
    done = python("manage.py", "prepare", **environment)
    problem = 'The database cannot be asked: invalid connection option "speed".'
    assert f"CommandError: {problem} Mend the options in DATABASE_URL." in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr


def test_a_folder_that_cannot_be_made_stops_with_advice(settings, tmp_path) -> None:
    (tmp_path / "file").touch()
    settings.VAR_DIR = tmp_path / "file" / "var"
    with pytest.raises(CommandError, match="Make the project's folder writable"):
        call_command("prepare")
