"""Documentation from distributions and Debian packages: fetched, checked, attached; what cannot be had is told."""

import io
import sys
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import pytest
from django.core.management import CommandError, call_command

from comparison.files import distributions
from comparison.files.distributions import DistributionError, digest, fetch, read_texts
from comparison.models import Batch, Claim, Edition, Source
from tests.make import make_claim, make_framework, make_part, make_source

FORMS = "Forms\n=====\n\nHas forms – many.\n"
ADMIN = "Admin\n=====\n\nHas an admin.\n"


def pack(folder: Path, texts: dict[str, bytes], name: str = "manual-1.0.tar.gz") -> Path:
    """A source distribution with these files below its top folder."""
    path = folder / name
    folder.mkdir(parents=True, exist_ok=True)
    if path.suffix == ".deb":
        path.write_bytes(debian_package(texts))
        return path
    if path.suffix == ".zip":
        with zipfile.ZipFile(path, "w") as archive:
            for file, content in texts.items():
                archive.writestr(f"manual-1.0/{file}", content)
        return path
    path.write_bytes(tar_archive(texts, "manual-1.0", "gz"))
    return path


def tar_archive(texts: dict[str, bytes], top: str, compression: Literal["gz", "xz"]) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode=f"w:{compression}") as tar:
        for file, content in texts.items():
            member = tarfile.TarInfo(f"{top}/{file}")
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    return packed.getvalue()


def debian_package(texts: dict[str, bytes]) -> bytes:
    """An ar archive as dpkg-deb makes it; the second member's odd length is padded."""
    members = {"debian-binary": b"2.0\n", "control.tar.xz": b"odd", "data.tar.xz": tar_archive(texts, ".", "xz")}
    packed = b"!<arch>\n"
    for name, content in members.items():
        packed += f"{name:<16}{0:<12}{0:<6}{0:<6}{100644:<8}{len(content):<10}`\n".encode() + content
        packed += b"\n" * (len(content) % 2)
    return packed


@pytest.fixture
def index(tmp_path, monkeypatch) -> Callable[..., None]:
    """Replaces pip by a program: what it writes into the folder, what it says, and how it ends."""

    def answer(files: dict[str, bytes] | None = None, words: str = "", code: int = 0) -> None:
        program = tmp_path / "pip.py"
        lines = ["import sys", "from pathlib import Path", "folder = Path(sys.argv[sys.argv.index('-d') + 1])"]
        lines += [f"(folder / {name!r}).write_bytes({content!r})" for name, content in (files or {}).items()]
        program.write_text("\n".join([*lines, f"print({words!r}, file=sys.stderr)", f"sys.exit({code})"]))
        monkeypatch.setattr(distributions, "pip_command", lambda: (sys.executable, str(program)))

    return answer


def test_a_distribution_is_fetched_once_and_kept(tmp_path, index) -> None:
    original = pack(tmp_path / "index", {"docs/forms.txt": FORMS.encode()})
    index({original.name: original.read_bytes()})
    path = fetch(original.name, digest(original), tmp_path / "kept")
    assert path == tmp_path / "kept" / original.name
    index(code=1)
    assert fetch(original.name, digest(original), tmp_path / "kept") == path
    assert [file.name for file in path.parent.iterdir()] == [original.name]


@pytest.mark.parametrize(
    ("files", "words", "code", "message"),
    [
        ({"manual-1.0.tar.gz": b"other"}, "", 0, "has the digest d9298a10d1b0…, not 000000000000…. It was not kept."),
        ({"manual-1.0.zip": b"other"}, "", 0, "no file manual-1.0.tar.gz; it sent manual-1.0.zip"),
        ({}, "THESE PACKAGES DO NOT MATCH THE HASHES", 1, "has another digest than the catalogue says"),
        (
            {},
            "ERROR: No matching distribution for https://index/x",
            1,
            "cannot be fetched. No matching distribution for …",
        ),
        ({}, "", 1, "cannot be fetched. pip failed without a word."),
    ],
)
def test_what_cannot_be_fetched_is_told_and_nothing_is_kept(files, words, code, message, tmp_path, index) -> None:
    index(files, words, code)
    with pytest.raises(DistributionError) as raised:
        fetch("manual-1.0.tar.gz", "0" * 64, tmp_path / "kept")
    assert message in str(raised.value)
    assert not list((tmp_path / "kept").iterdir())


@pytest.fixture
def archive(tmp_path, monkeypatch) -> Callable[..., None]:
    """Replaces apt-get by a program: the files it puts where it runs, what it says, and how it ends."""

    def answer(files: dict[str, bytes] | None = None, words: str = "", code: int = 0) -> None:
        program = tmp_path / "apt-get"
        lines = [f"#!{sys.executable}", "import sys", "from pathlib import Path"]
        lines += [f"Path({str(tmp_path / 'asked')!r}).write_text(sys.argv[-1])"]
        lines += [f"Path({name!r}).write_bytes({content!r})" for name, content in (files or {}).items()]
        program.write_text("\n".join([*lines, f"print({words!r}, file=sys.stderr)", f"sys.exit({code})"]))
        program.chmod(0o755)
        monkeypatch.setattr(distributions, "APT_GET", str(program))

    return answer


@pytest.mark.parametrize(
    ("name", "asked"),
    [
        ("manual-doc_1.0+ds-2~deb12u1_all.deb", "manual-doc:all=1.0+ds-2~deb12u1"),
        ("libmanual++1_2%3a1.0_amd64.deb", "libmanual++1:amd64=2:1.0"),
    ],
)
def test_a_debian_package_is_fetched_once_and_kept(name: str, asked: str, tmp_path, archive) -> None:
    original = pack(tmp_path / "index", {"usr/share/doc/manual/forms.txt": FORMS.encode()}, name)
    archive({name: original.read_bytes()})
    path = fetch(name, digest(original), tmp_path / "kept")
    assert (tmp_path / "asked").read_text() == asked
    archive(code=100)
    assert fetch(name, digest(original), tmp_path / "kept") == path
    assert [file.name for file in path.parent.iterdir()] == [name]


@pytest.mark.parametrize(
    ("files", "words", "code", "message"),
    [
        (
            {},
            "W: slow\nE: Version '1.0-1' for 'manual' was not found",
            100,
            "Version '1.0-1' for 'manual' was not found.",
        ),
        ({}, "E: Failed to fetch http://archive/x", 100, "Failed to fetch …."),
        ({}, "", 100, "apt-get failed without a word."),
        ({"manual_1.1-1_all.deb": b"newer"}, "", 0, "apt-get sent another file."),
    ],
)
def test_a_package_that_is_gone_is_told_with_the_way_out(files, words, code, message, tmp_path, archive) -> None:
    archive(files, words, code)
    folder, name = tmp_path / "kept", "manual_1.0-1_all.deb"
    with pytest.raises(DistributionError) as raised:
        fetch(name, "0" * 64, folder)
    way_out = f"Put the file with that name into {folder} and run the command again."
    assert str(raised.value) == f"{name} cannot be fetched. {message} {way_out}"
    assert not list(folder.iterdir())


def test_a_package_with_another_digest_is_not_kept(tmp_path, archive) -> None:
    archive({"manual_1.0-1_all.deb": b"other"})
    with pytest.raises(DistributionError, match=r"has the digest d9298a10d1b0…, not 000000000000…\. It was not kept"):
        fetch("manual_1.0-1_all.deb", "0" * 64, tmp_path / "kept")
    assert not list((tmp_path / "kept").iterdir())


def test_without_apt_a_file_that_one_puts_there_is_used(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(distributions, "APT_GET", str(tmp_path / "missing"))
    folder, name = tmp_path / "kept", "manual_1.0-1_all.deb"
    with pytest.raises(DistributionError, match=r"There is no apt-get here\. Put the file with that name into .*/kept"):
        fetch(name, "0" * 64, folder)
    path = pack(folder, {"usr/forms.txt": FORMS.encode()}, name)
    with pytest.raises(DistributionError, match=r"The file of that name in .*/kept has another digest than 0{12}…"):
        fetch(name, "0" * 64, folder)
    assert fetch(name, digest(path), folder) == path


@pytest.mark.parametrize(
    "name",
    ["manual", "manual-1.0.exe", "../manual-1.0.tar.gz", "-r-1.0.tar.gz", "", "manual_1.0.deb", "-o_1.0_all.deb"],
)
def test_other_names_than_those_of_distributions_are_refused(name: str, tmp_path) -> None:
    with pytest.raises(DistributionError, match="is not the name of a source distribution"):
        fetch(name, "0" * 64, tmp_path)


@pytest.mark.parametrize("name", ["manual-1.0.tar.gz", "manual-1.0.zip", "manual_1.0-1_all.deb"])
def test_texts_are_read_without_unpacking(name: str, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(distributions, "MAX_TEXT_BYTES", 100)
    contents = {"docs/forms.txt": FORMS.encode(), "docs/latin.txt": b"caf\xe9", "docs/long.txt": b"x" * 101}
    path = pack(tmp_path, contents | {"docs/empty.txt": b" \n", "docs/nul.txt": b"a\0b"}, name)
    texts = dict(read_texts(path, [*contents, "docs/empty.txt", "docs/nul.txt", "docs/missing.txt"]))
    assert texts.pop("docs/forms.txt") == FORMS
    assert {file: str(problem).split(": ")[0] for file, problem in texts.items()} == {
        "docs/empty.txt": f"docs/empty.txt in {name} holds no text.",
        "docs/latin.txt": f"docs/latin.txt in {name} is not UTF-8",
        "docs/long.txt": f"docs/long.txt in {name} is longer than 100 bytes.",
        "docs/missing.txt": f"{name} holds no file docs/missing.txt.",
        "docs/nul.txt": f"docs/nul.txt in {name} holds no text.",
    }


@pytest.mark.parametrize("name", ["manual-1.0.tar.gz", "manual-1.0.zip", "manual_1.0-1_all.deb"])
def test_a_broken_archive_is_told(name: str, tmp_path) -> None:
    (tmp_path / name).write_bytes(b"no archive")
    with pytest.raises(DistributionError, match="cannot be unpacked"):
        dict(read_texts(tmp_path / name, ["docs/forms.txt"]))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"no ar", "it is not a Debian package"),
        (b"!<arch>\n", "it holds no files"),
        (b"!<arch>\ncut", "invalid literal"),
        (debian_package({"usr/forms.txt": FORMS.encode()})[:-120], "could not be opened"),
        (debian_package({}).replace(b"\xfd7zXZ", b"zstd!!"), "could not be opened"),
    ],
)
def test_a_broken_package_is_told(content: bytes, message: str, tmp_path) -> None:
    (tmp_path / "manual_1.0-1_all.deb").write_bytes(content)
    with pytest.raises(DistributionError, match=f"manual_1.0-1_all.deb cannot be unpacked: .*{message}"):
        dict(read_texts(tmp_path / "manual_1.0-1_all.deb", ["usr/forms.txt"]))


@pytest.fixture
def manual(db, tmp_path, settings) -> Source:
    """A documentation with two cited pages, whose distribution is in the folder already."""
    settings.VAR_DIR = tmp_path
    path = pack(tmp_path / "distributions", {"docs/forms.txt": FORMS.encode(), "docs/admin.txt": ADMIN.encode()})
    identity = {"distribution": path.name, "distribution_sha256": digest(path), "text_licence": "BSD-3-Clause"}
    whole = make_source("Manual", "documentation", framework=make_framework("One"), **identity)
    for name, text in (("forms", FORMS), ("admin", ADMIN)):
        page = make_part(whole, f"Manual {name}", file=f"docs/{name}.txt", text_licence="BSD-3-Clause")
        page.set_text(text)
        page.text = ""
        Source.objects.filter(pk=page.pk).update(text_sha256=page.text_sha256, text_length=page.text_length)
        start = text.index("Has")
        make_claim(source=page, framework=whole.framework, start=start, end=len(text) - 1)
    return whole


def run(*names: str) -> str:
    out = io.StringIO()
    call_command("fetch_docs", *names, stdout=out)
    return out.getvalue()


@pytest.mark.parametrize("names", [(), ("one",), ("manual",)])
def test_texts_are_attached_and_passages_shown(client, manual: Source, names: tuple[str, ...]) -> None:
    edition = Edition.objects.current().number
    assert run(*names) == "manual: 2 texts held, passages: 2 found.\n"
    assert sorted(Claim.objects.values_list("quote", flat=True)) == ["Has an admin.", "Has forms – many."]
    assert (Edition.objects.current().number, Batch.objects.count()) == (edition + 1, 1)
    claim = Claim.objects.get(quote="Has an admin.")
    assert "Has an admin." in client.get(claim.get_absolute_url()).content.decode()
    assert run() == "manual: 2 texts held, passages: 2 found.\n"
    assert Edition.objects.current().number == edition + 1


@pytest.mark.parametrize("licence", ["CC-BY-NC-SA-3.0", "All rights reserved"])
def test_a_licence_that_forbids_it_keeps_passages_private(manual: Source, licence: str) -> None:
    Source.objects.update(text_licence=licence)
    assert run() == "manual: 2 texts held, passages: 2 found.\n"
    assert set(Claim.objects.values_list("quote", flat=True)) == {""}


def test_another_text_than_the_cited_one_is_refused_and_the_rest_is_stored(manual: Source) -> None:
    Source.objects.filter(slug="manual-forms").update(text_sha256="0" * 64)
    make_part(manual, "Manual gone", file="docs/gone.txt")
    out = io.StringIO()
    with pytest.raises(CommandError, match="1 source is not complete"):
        call_command("fetch_docs", stdout=out)
    assert out.getvalue().splitlines() == [
        "manual: 1 texts held, passages: 1 found.",
        "  manual-1.0.tar.gz holds no file docs/gone.txt.",
        "  docs/forms.txt has another text than the one that manual-forms was read from.",
    ]
    assert sorted(Claim.objects.values_list("quote", flat=True)) == ["", "Has an admin."]


def test_a_part_may_come_from_a_distribution_of_its_own(manual: Source, tmp_path) -> None:
    path = pack(tmp_path / "distributions", {"docs/forms.txt": b"Other forms\n"}, "other-2.0.tar.gz")
    identity = {"distribution": path.name, "distribution_sha256": digest(path)}
    other = make_part(manual, "Manual other", file="docs/forms.txt", **identity)
    assert run() == "manual: 3 texts held, passages: 2 found.\n"
    assert Source.objects.get(pk=other.pk).text == "Other forms\n"


def test_a_whole_may_come_from_a_debian_package(manual: Source, tmp_path) -> None:
    path = pack(tmp_path / "distributions", {"docs/forms.txt": FORMS.encode()}, "manual_1.0-1_all.deb")
    identity = {"distribution": path.name, "distribution_sha256": digest(path)}
    Source.objects.filter(slug="manual-forms").update(**identity)
    assert run() == "manual: 2 texts held, passages: 2 found.\n"


def test_without_a_network_nothing_is_half_written(manual: Source, tmp_path, index) -> None:
    (tmp_path / "distributions" / manual.distribution).unlink()
    index(words="ERROR: Could not find a version", code=1)
    with pytest.raises(CommandError, match="not complete"):
        run()
    assert not list((tmp_path / "distributions").iterdir())
    assert not Batch.objects.exists()


def test_unknown_names_are_told_with_the_nearest(manual: Source) -> None:
    with pytest.raises(CommandError, match="No documentation of 'manul'"):
        run("manul")


def test_a_catalogue_without_documentation_says_so(db) -> None:
    with pytest.raises(CommandError, match="names no source distribution"):
        run()
