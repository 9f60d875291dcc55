"""All mistakes in a catalogue are reported at once, with file and line, and then nothing is loaded."""

import subprocess
import sys
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from comparison.files import yaml_entries
from comparison.files.catalogue_load import load
from comparison.models import Check, Claim, Criterion, Edition, Framework, NotApplicable, Profile, Source
from tests.make import make_claim, make_criterion, make_source

pytestmark = pytest.mark.django_db

MODELS: list[Any] = [Criterion, Framework, NotApplicable, Source, Claim, Check, Profile]
CRITERIA = """\
categories:
- slug: learning
  name: Learning
  order: 10
  criteria:
  - slug: ease
    name: Ease
    order: 10
    kind: rating
    question: Is it easy?
    synonyms:
    - simplicity
  - {slug: forms, name: Forms, order: 20, kind: feature, question: Does it have forms?}
  - slug: speed
    name: Speed
    order: 30
    kind: figure
    unit: ms
    lower_is_better: true
    question: How fast is it?
  - slug: parts
    name: Parts
    order: 40
    kind: list
    question: What is it made of?
"""
FRAMEWORKS = """\
frameworks:
- slug: alpha
  name: Alpha
  homepage: https://example.org/
  first_release_year: 2001
  aliases:
  - first letter
  not_applicable:
  - criterion: parts
    reason: It has none.
- slug: beta
  name: Beta
"""
PROFILES = """\
profiles:
- slug: hobby
  name: Hobby
  order: 10
  description: For a weekend.
  weights:
  - criterion: ease
    weight: 3
    must_have: true
"""
BLOG = """\
slug: blog
title: A blog
kind: vendor
published: 2026-01-02
repeats: manual
text_sha256: 0000000000000000000000000000000000000000000000000000000000000000
text_length: 50
claims:
- framework: alpha
  criterion: ease
  statement: Is easy
  level: 1
  start: 3
  end: 9
  state: published
- framework: beta
  criterion: forms
  statement: Has forms
  support: built-in
  checks:
  - finding: confirmed
    note: Measured.
    'on': 2026-02-03
- framework: beta
  criterion: speed
  statement: Is quick
  low: 1
  high: 2.5
"""
MANUAL = """\
slug: manual
title: A manual
kind: documentation
claims:
- framework: alpha
  criterion: ease
  statement: Is hard
  level: -1
"""
COMPARISONS = """\
comparisons:
- slug: alpha-vs-beta
  title: Beta vs Alpha
  order: 1
  reason: People ask.
"""
QUESTIONS = """\
questions:
- slug: who
  text: Who builds it?
  order: 1
  choices:
  - slug: one
    text: One person
    because: one person builds it
    order: 1
    weights:
    - criterion: ease
      weight: 3
    - criterion: forms
      weight: 2
      must_have: true
  - slug: many
    text: Many people
    because: many people build it
    order: 2
    weights:
    - criterion: ease
      weight: 2
"""
LAST_WEIGHT = "    - criterion: ease\n      weight: 2\n"
ONE_SETS = """\
    - criterion: forms
      weight: 2
      must_have: true
    - criterion: ease
      weight: 3
"""
GOOD = {
    "comparisons.yaml": COMPARISONS,
    "criteria.yaml": CRITERIA,
    "frameworks.yaml": FRAMEWORKS,
    "profiles.yaml": PROFILES,
    "questions.yaml": QUESTIONS,
    "sources/blog.yaml": BLOG,
    "sources/manual.yaml": MANUAL,
}


def write(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(text.encode())
    return folder


def changed(name: str, old: str, new: str) -> dict[str, str]:
    assert GOOD[name].count(old) == 1
    return GOOD | {name: GOOD[name].replace(old, new)}


def counts() -> list[int]:
    return [model.objects.count() for model in MODELS] + [model.history.count() for model in MODELS]


def refused(folder: Path) -> list[str]:
    """The problems that loading the folder names; sees to it that nothing was loaded."""
    before = counts(), Edition.objects.count(), list(Claim.objects.values())
    with pytest.raises(CommandError) as raised:
        call_command("load_catalogue", folder, stdout=StringIO())
    assert (counts(), Edition.objects.count(), list(Claim.objects.values())) == before
    *problems, last = str(raised.value).splitlines()
    assert last == f"{len(problems)} error{'s' * (len(problems) != 1)}; nothing was loaded."
    return problems


def assert_named(problems: list[str], url: str, words: str) -> None:
    assert [problem for problem in problems if problem.startswith(f"{url}: ") and words in problem], problems


def assert_mistake_named(folder: Path, name: str, old: str, new: str, words: str, marker: str) -> None:
    files = changed(name, old, new)
    before, _ = files[name].split(marker) if marker else GOOD[name].split(old)
    assert_named(refused(write(folder, files)), f"{name}:{1 + before.count(chr(10))}", words)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("sources/late.yml", "is not read: rename it to late.yaml"),
        ("sources/late.YAML", "is not read: rename it to late.yaml"),
        ("criteria.yml", "is not read: rename it to criteria.yaml"),
        ("late.yaml", "is not read: sources belong into sources/"),
    ],
)
def test_a_file_that_would_be_passed_over_is_named(tmp_path, name, words) -> None:
    problems = refused(write(tmp_path, GOOD | {name: MANUAL.replace("manual", "late")}))
    assert_named(problems, f"{name}:1", words)
    assert len(problems) == 1


STRAY = [
    "README",
    "README.md",
    "sources/README.md",
    "sources/._blog.yaml",
    ".DS_Store",
    "._criteria.yaml",
    "sources/x.txt",
]


def test_files_of_no_catalogue_are_named_and_ignored(tmp_path) -> None:
    out = StringIO()
    nested = {"sources/old/blog.yaml": "not: read"}
    call_command("load_catalogue", write(tmp_path, GOOD | dict.fromkeys(STRAY, "\0\xff stray") | nested), stdout=out)
    named = {line.partition(": ")[0] for line in out.getvalue().splitlines() if "ignored" in line}
    assert named == {*STRAY, "sources/old/"}
    assert counts()[:7] == [4, 2, 1, 2, 4, 1, 1]


def test_many_strangers_are_counted(tmp_path) -> None:
    out = StringIO()
    call_command("load_catalogue", write(tmp_path, GOOD | {f"{n}.txt": "" for n in range(50)}), stdout=out)
    assert "30 other files ignored" in out.getvalue()


def test_the_good_files_load(tmp_path) -> None:
    call_command("load_catalogue", write(tmp_path, GOOD), stdout=StringIO())
    assert counts()[:7] == [4, 2, 1, 2, 4, 1, 1]


# What is replaced by what, words of the problem, and text in the line that it names (if empty, the changed line).
@pytest.mark.parametrize(
    ("old", "new", "words", "marker"),
    [
        ("level: 1", "level: high", "level must be a whole number, not 'high'", ""),
        ("level: 1", "level: [1]", "level must be a single value", ""),
        ("level: 1", "level: 3", "3 is not a valid choice", ""),
        ("level: 1", "level: ''", "level is empty", ""),
        ("start: 3", "start: x", "start must be a whole number", ""),
        ("start: 3", "start: 99999999999", "start must be a whole number", ""),
        ("start: 3", "start: -1", "greater than or equal to 0", ""),
        ("start: 3", "start: 9", "must end after it starts (at 9)", "end: 9"),
        ("  end: 9\n", "", "Give both start and end", "framework: alpha"),
        ("  start: 3\n", "", "Give both start and end", "framework: alpha"),
        ("end: 9", "end: 51", "text has 50 characters", ""),
        ("low: 1", "low: abc", "low must be a number such as 3.5, not 'abc'", ""),
        ("low: 1", "low: NaN", "low must be a number", ""),
        ("low: 1", "low: 1e99999999", "low: ", ""),
        ("low: 1", "low: 0.00001", "no more than 4 decimal places", ""),
        ("low: 1", "low: 3", "may not be below the low one", "high: 2.5"),
        ("low: 1", "low: -1", "may not be negative", ""),
        ("  low: 1\n", "", "low: A criterion of kind figure", "framework: beta\n  criterion: speed"),
        ("framework: alpha", "framework: alhpa", "unknown framework 'alhpa'; did you mean 'alpha'?", ""),
        ("- framework: alpha\n  c", "- c", "framework is missing", "criterion: ease"),
        ("criterion: ease", "criterion: eaze", "unknown criterion 'eaze'; did you mean 'ease'?", ""),
        ("kind: vendor", "kind: vendro", "kind must be one of documentation, measurement", ""),
        ("title: A blog\n", "", "title is missing", "slug: blog"),
        ("title: A blog", 'title: "A\\0blog"', "NUL", ""),
        ("title: A blog", "titel: A blog", "unknown key 'titel'; did you mean 'title'?", ""),
        ("title: A blog", "title: A blog\ntext: All of it", "unknown key 'text'", "text: All"),
        ("title: A blog", "title: A blog\naddress: nowhere", "address: Enter a valid URL", "address"),
        ("title: A blog", "title: A blog\ntitle: Another", "title is given twice", "title: Another"),
        ("slug: blog", "slug: weblog", "must be the file's name, 'blog'", ""),
        ("slug: blog\n", "", "slug is missing", "title"),
        ("2026-01-02", "2026-02-30", "published must be a date such as 2026-11-20", ""),
        ("title: A blog", "title: A blog\nframework: beta", "framework: Only documentation", "framework: beta\nk"),
        ("repeats: manual", "repeats: manul", "unknown repeats 'manul'; did you mean 'manual'?", ""),
        ("repeats: manual", "repeats: blog", "in a circle", ""),
        ("text_length: 50\n", "", "digest and its length", "slug: blog"),
        ("  statement: Is easy\n", "", "statement is missing", "framework: alpha"),
        ("Is easy", "x" * 301, "at most 300 characters", ""),
        ("  state: published\n", f"  quote: {'x' * 501}\n", "at most 500 characters", ""),
        ("state: published", "state: rejected", "need a reason", "framework: alpha"),
        ("support: built-in", "support: builtin", "support must be one of built-in", ""),
        ("support: built-in", "level: 1", "kind feature takes no level", ""),
        ("support: built-in", "low: 1\n  high: 1", "kind feature takes no high", "high: 1"),
        ("level: 1", "support: none", "kind rating takes no support", ""),
        ("level: 1", "level: 1\n  support: none", "kind rating takes no support", "support: none"),
        ("  level: 1\n", "", "kind rating asks for this", "framework: alpha"),
        ("finding: confirmed", "finding: true", "finding must be one of confirmed", ""),
        ("    note: Measured.\n", "", "note is missing", "finding: confirmed"),
        ("2026-02-03", "3.2.2026", "on must be a date", ""),
        ("    'on': 2026-02-03\n", "", "on is missing", "finding: confirmed"),
    ],
)  # fmt: skip
def test_each_mistake_in_a_source_is_named_with_file_and_line(old, new, words, marker, tmp_path) -> None:
    assert_mistake_named(tmp_path, "sources/blog.yaml", old, new, words, marker)


@pytest.mark.parametrize(
    ("name", "old", "new", "words", "marker"),
    [
        ("sources/manual.yaml", "level: -1", "checks: none", "checks must be a list", ""),
        ("sources/manual.yaml", "level: -1", "level: -1\n- Is hard", "expected keys and values", "- Is hard"),
        ("sources/manual.yaml", "title: A manual", "title: A manual\nrepeats: blog", "in a circle", "repeats: blog"),
        ("frameworks.yaml", "slug: beta", "slug: beta-vs-gamma", "may not contain -vs-", ""),
        ("frameworks.yaml", "slug: beta", "slug: alpha", "framework 'alpha' is given twice", ""),
        ("frameworks.yaml", "name: Beta", "name: Alpha", "name", ""),
        ("frameworks.yaml", "name: Beta", "name: Beta\n  homepage: javascript:x", "Enter a valid URL", "javascript"),
        ("frameworks.yaml", "2001", "1901", "greater than or equal to 1950", ""),
        ("frameworks.yaml", "- first letter", "- a: b", "aliases must hold single values", ""),
        ("frameworks.yaml", "- first letter", '- "a\\0b"', "NUL", ""),
        ("frameworks.yaml", "\n  - first letter", " first letter", "aliases must be a list", "aliases"),
        ("frameworks.yaml", "criterion: parts", "criterion: party", "did you mean 'parts'?", ""),
        ("frameworks.yaml", "    reason: It has none.\n", "", "reason is missing", "criterion: parts"),
        ("criteria.yaml", "kind: rating", "kind: ratings", "kind must be one of rating, feature", ""),
        ("criteria.yaml", "kind: rating", "kind: figure", "A figure needs a unit", "slug: ease"),
        ("criteria.yaml", "    unit: ms\n", "", "A figure needs a unit", "slug: speed"),
        ("criteria.yaml", "lower_is_better: true", "lower_is_better: yes", "must be true or false, not 'yes'", ""),
        ("criteria.yaml", "slug: parts", "slug: speed", "criterion 'speed' is given twice", "speed\n    name: Parts"),
        ("criteria.yaml", "categories:", "category:", "did you mean 'categories'?", "category:"),
        ("criteria.yaml", "- simplicity", "- s\n    related: [forms, spede]", "did you mean 'speed'?", "related"),
        ("criteria.yaml", "- simplicity", "- s\n    related: [ease]", "'ease' cannot be related to itself", "related"),
        ("criteria.yaml", "- simplicity", "- s\n    related: [forms,\n    forms]", "are related twice", "    forms]"),
        ("criteria.yaml", "- simplicity", "- s\n    related: forms", "related must be a list", "related"),
        ("criteria.yaml", "- simplicity", "- s\n    related: [[forms]]", "must be a single value", "related"),
        ("criteria.yaml", "- simplicity", "- s\n    related: ['']", "criterion is empty", "related"),
        ("criteria.yaml", "- simplicity", "- s\n    formerly: [a, speed]", "'speed' is a criterion still", "formerly"),
        ("criteria.yaml", "- simplicity", "- s\n    formerly: [ease]", "'ease' is a criterion still", "formerly"),
        ("criteria.yaml", "- simplicity", "- s\n    formerly: [a b]", "slug: Enter a valid", "formerly"),
        ("criteria.yaml", "- simplicity", "- s\n    formerly: [a, a]", "'a' is given twice, first at", "formerly"),
        ("criteria.yaml", "- simplicity", "- s\n    formerly: [{}]", "must be a single value", "formerly"),
        ("criteria.yaml", "- simplicity", "- s\n    formely: [a]", "did you mean 'formerly'?", "formely"),
        ("sources/manual.yaml", "title", "framework: alfa\ntitle", "did you mean 'alpha'?", "alfa"),
        ("profiles.yaml", "weight: 3", "weight: 4", "4 is not a valid choice", ""),
        ("profiles.yaml", "criterion: ease", "criterion: parts", "Lists are not ranked", ""),
        ("comparisons.yaml", "alpha-vs-beta", "alpha-vs-bet", "There is no framework bet. Add it first", ""),
        ("comparisons.yaml", "alpha-vs-beta", "beta-vs-alpha", "in alphabetical order: alpha-vs-beta", ""),
        ("comparisons.yaml", "alpha-vs-beta", "alpha", "names two frameworks or more", ""),
        ("profiles.yaml", "criterion: ease", "criterion: eas", "did you mean 'ease'?", ""),
        ("questions.yaml", "criterion: forms", "criterion: frms", "did you mean 'forms'?", ""),
        ("questions.yaml", "criterion: forms", "criterion: parts", "parts is a list. Lists are not", "slug: one"),
        ("questions.yaml", "criterion: forms", "criterion: ease", "choice 'one' weighs 'ease' twice", "slug: one"),
        ("questions.yaml", "weight: 3", "weight: 4", "“ease 4” is no weight", "slug: one"),
        ("questions.yaml", LAST_WEIGHT, "", "sets at least one weight", "slug: many"),
        ("questions.yaml", "slug: many", "slug: one", "choice 'one' is given twice, first at", ""),
        ("questions.yaml", "Many people", "One person", "a choice with this text already", "slug: many"),
        ("questions.yaml", LAST_WEIGHT, ONE_SETS, "sets the same weights", "slug: many"),
        ("questions.yaml", "order: 2", "order: 2\n    becuase: x", "did you mean 'because'?", "becuase"),
    ],
)  # fmt: skip
def test_each_mistake_elsewhere_is_named_with_file_and_line(name, old, new, words, marker, tmp_path) -> None:
    assert_mistake_named(tmp_path, name, old, new, words, marker)


@pytest.mark.parametrize(
    ("content", "line", "words"),
    [
        (b"", 1, "the file is empty"),
        (b"slug: a\ntitle: \xff\n", 2, "not UTF-8 text"),
        ("slug: a\n".encode("utf-16"), 1, "not UTF-8 text"),
        (b"slug: a\n\ttitle: b\n", 2, "not YAML"),
        (b"slug: a\ntitle: 'b\n", 3, "not YAML"),
        (b"slug: a\ntitle: b\0c\n", 2, "not YAML"),
        (b'slug: a\ntitle: "\\uD800"\n', 2, "not YAML"),
        (b"- slug: a\n", 1, "expected keys and values here"),
        (b"slug: a\n? [b]\n: c\n", 2, "a key must be a single word"),
        (b"slug: &x a\ntitle: b\nnote: *x\n", 3, "aliases (*name) are not read"),
        (b"slug: a\nclaims: &x\n- *x\n", 3, "aliases (*name) are not read"),
        (b"a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\n", 2, "aliases (*name) are not read"),
        (b"slug: a\nclaims: a\n", 2, "claims must be a list"),
    ],
)
def test_a_file_that_cannot_be_read_is_named_with_its_line(content: bytes, line: int, words: str, tmp_path) -> None:
    folder = write(tmp_path, GOOD)
    (folder / "sources" / "a.yaml").write_bytes(content)
    assert_named(refused(folder), f"sources/a.yaml:{line}", words)


def test_nested_aliases_are_refused_quickly(tmp_path) -> None:
    levels = [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 40)]
    write(tmp_path, {"sources/a.yaml": "\n".join(["a0: &a0 [x]", *levels])})
    assert refused(tmp_path) == ["sources/a.yaml:2: aliases (*name) are not read; write the value out"]


def test_deep_nesting_is_refused(tmp_path) -> None:
    # In a process of its own: too deep a recursion in the parser ends the interpreter, not only the test.
    (tmp_path / "a.yaml").write_text("a: " + "[" * 50_000 + "]" * 50_000)
    code = (
        "import pathlib, comparison.files.yaml_entries as e; e.read_file(pathlib.Path('{}'), 'a', p := []); print(*p)"
    )
    command = [sys.executable, "-c", code.format(tmp_path / "a.yaml")]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, cwd=Path(yaml_entries.__file__).parents[2]
    )
    assert (done.returncode, done.stdout[:5]) == (0, "a:1: ")


def test_a_file_that_is_too_large_is_refused(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(yaml_entries, "MAX_FILE_BYTES", 100)
    problems = refused(write(tmp_path, {"frameworks.yaml": FRAMEWORKS}))
    assert problems == ["frameworks.yaml:1: the file is larger than 100 bytes"]


def test_a_folder_instead_of_a_file_is_reported(tmp_path) -> None:
    (tmp_path / "frameworks.yaml").mkdir()
    assert refused(tmp_path) == ["frameworks.yaml:1: cannot be read: Is a directory"]


def test_an_empty_folder_is_refused(tmp_path) -> None:
    (tmp_path / "sources").mkdir()
    assert_named(refused(tmp_path), f"{tmp_path}:1", "holds no criteria.yaml, frameworks.yaml")


@pytest.mark.parametrize("name", ["missing", "file"])
def test_a_missing_folder_is_refused(name: str, tmp_path) -> None:
    (tmp_path / "file").touch()
    assert_named(refused(tmp_path / name), f"{tmp_path / name}:1", "no such folder")


@pytest.mark.parametrize("offsets", ["", "  start: 3\n  end: 9\n"])
def test_a_claim_given_twice_is_named_with_the_first(offsets: str, tmp_path) -> None:
    claim = f"- framework: alpha\n  criterion: ease\n  statement: Is hard\n  level: 1\n{offsets}"
    files = GOOD | {"sources/manual.yaml": "slug: manual\ntitle: M\nkind: vendor\nclaims:\n" + claim + claim}
    line = 5 + claim.count("\n")
    words = "this claim is given twice, first at sources/manual.yaml:5"
    assert refused(write(tmp_path, files)) == [f"sources/manual.yaml:{line}: {words}"]


def test_another_digest_than_the_stored_texts_is_refused(tmp_path) -> None:
    source = make_source("Blog")
    source.set_text("Nobody may read this.")
    source.save()
    expected = "the stored text has another digest; attach the new text first (attach_text --changed)"
    assert refused(write(tmp_path, GOOD)) == [f"sources/blog.yaml:1: {expected}"]


def test_the_kind_of_a_criterion_with_claims_does_not_change(tmp_path) -> None:
    make_claim(criterion=make_criterion(slug="ease"))
    words = "Claims of another kind exist"
    assert_mistake_named(tmp_path, "criteria.yaml", "kind: rating", "kind: list", words, "")


@pytest.mark.parametrize(("old", "new"), [("low: 1", "low: -1"), ("state: published", "state: rejected")])
def test_a_mistake_in_a_claim_that_is_stored_is_named_too(old: str, new: str, tmp_path) -> None:
    load(write(tmp_path, GOOD))
    problem, *_ = refused(write(tmp_path, changed("sources/blog.yaml", old, new)))
    assert problem.startswith("sources/blog.yaml:")


def test_all_mistakes_of_all_files_are_named_at_once(tmp_path) -> None:
    files = {
        "criteria.yaml": CRITERIA + "    colour: red\n",
        "frameworks.yaml": FRAMEWORKS + "  colour: red\n",
        "profiles.yaml": PROFILES.replace("must_have", "must_hvae"),
        "sources/blog.yaml": BLOG.replace("level: 1", "level: 3").replace("high: 2.5", "high: 0.5"),
        "sources/manual.yaml": "slug: manual\n\t",
    }
    lines = {problem.split(": ")[0] for problem in refused(write(tmp_path, files))}
    assert {"criteria.yaml:26", "frameworks.yaml:13", "profiles.yaml:9"} <= lines
    assert {"sources/blog.yaml:12", "sources/blog.yaml:28", "sources/manual.yaml:2"} <= lines


def test_all_mistakes_of_one_claim_are_named_at_once(tmp_path) -> None:
    files = GOOD | {"sources/blog.yaml": BLOG.replace("level: 1", "level: 3").replace("end: 9", "end: 51")}
    problems = refused(write(tmp_path, files))
    assert [problem.split(": ")[0] for problem in problems] == ["sources/blog.yaml:12", "sources/blog.yaml:14"]


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("sources/blog.yaml", "level: 1", "level: high"),
        ("criteria.yaml", "kind: list", "kind: lists"),
        ("frameworks.yaml", "  name: Beta\n", ""),
    ],
)
def test_one_mistake_is_one_error(name: str, old: str, new: str, tmp_path) -> None:
    assert len(problems := refused(write(tmp_path, changed(name, old, new)))) == 1, problems


def dumped(folder: Path) -> str:
    out = StringIO()
    call_command("dump_catalogue", folder, stdout=out)
    return out.getvalue()


def test_a_dump_writes_nothing_but_the_catalogue(tmp_path) -> None:
    make_source("One")
    dumped(tmp_path)
    files = {"comparisons.yaml", "criteria.yaml", "frameworks.yaml", "profiles.yaml", "questions.yaml", "one.yaml"}
    assert {path.name for path in tmp_path.rglob("*")} == files | {"sources"}


def test_files_of_other_sources_are_reported_and_left_alone(tmp_path) -> None:
    write(tmp_path, {"sources/gone.yaml": "anything"})
    make_source("One")
    assert "Left alone: sources/gone.yaml belongs to no source in the database.\n" in dumped(tmp_path)
    assert (tmp_path / "sources" / "gone.yaml").read_text() == "anything"


@pytest.mark.parametrize(("file", "folder"), [("x", "x"), ("x", "x/y"), ("x/sources", "x"), ("x/criteria.yaml/y", "x")])
def test_a_dump_to_a_folder_that_cannot_be_made_says_so(file: str, folder: str, tmp_path) -> None:
    write(tmp_path, {file: "in the way"})
    with pytest.raises(CommandError, match=r"x.*: .+\. Name a folder that can be written\."):
        dumped(tmp_path / folder)
    assert (tmp_path / file).read_text() == "in the way"


HANDBOOK = """\
slug: handbook
title: A handbook
kind: documentation
framework: alpha
parts:
- slug: handbook-forms
  title: Forms
  file: docs/forms.txt
  claims:
  - criterion: forms
    statement: Has forms
    support: built-in
    start: 3
    end: 9
  - criterion: forms
    statement: Has more forms
    support: built-in
    start: 13
    end: 19
"""
RUN = """\
slug: run
title: A run
kind: measurement
run:
  rounds: 3
  machine:
    cores: '2'
parts:
- slug: run-speed
  title: Speed
  experiment: speed
  results:
  - framework: alpha
    variant: bare
    unit: ms
    median: 2
    low: 1
    high: 3
    samples: 1 2 3
"""
RECORDS = {"sources/handbook.yaml": HANDBOOK, "sources/run.yaml": RUN}


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("slug: handbook-forms", "slug: manual-forms", "must begin with that of the whole, 'handbook'"),
        ("  title: Forms\n", "", "title is missing"),
        ("  file: docs/forms.txt", "  fil: docs/forms.txt", "unknown key 'fil'; did you mean 'file'?"),
        ("  file: docs/forms.txt", "  kind: vendor", "unknown key 'kind'"),
        ("kind: documentation", "kind: vendor", "Only documentation"),
        ("framework: alpha", "framework: alhpa", "unknown framework 'alhpa'; did you mean 'alpha'?"),
        ("framework: alpha\n", "", "framework is missing"),
        ("kind: documentation", "kind: documentation\ndistribution: a-1.tar.gz", "both or none"),
        ("  rounds: 3", "  rounds: many", "rounds must be a whole number"),
        ("  machine:\n    cores: '2'", "  machine: fast", "expected keys and values"),
        ("    cores: '2'", "    cores: [2]", "cores must be a single value"),
        ("experiment: speed", "experiment: Über allem", "experiment: "),
        ("samples: 1 2 3", "samples: 1 2 x", "samples must be numbers separated by blanks"),
        ("samples: 1 2 3", "samples: 1 nan 3", "samples must be numbers"),
        ("    median: 2\n", "", "either median, low and high, or an outcome, or a failure"),
        ("    low: 1\n", "    low: 5\n", "The median lies between low and high"),
        ("    variant: bare\n", "", "variant is missing"),
        ("    unit: ms", "    outcome: maybe", "outcome must be one of built-in"),
    ],
)
def test_a_mistake_in_a_part_is_named(old: str, new: str, words: str, tmp_path) -> None:
    name = next(name for name, text in RECORDS.items() if old in text)
    problems = refused(write(tmp_path, GOOD | RECORDS | {name: RECORDS[name].replace(old, new, 1)}))
    assert [problem for problem in problems if problem.startswith(f"{name}:") and words in problem], problems


@pytest.mark.parametrize(
    ("reference", "words"),
    [
        ("handbook-forms", "must name claims as source/framework/criterion#start, not 'handbook-forms'"),
        ("handbook-forms/alpha/forms", "names 2 claims; say which by its start: #3, #13"),
        ("handbook-forms/alpha/forms#4", "names no claim: 'handbook-forms/alpha/forms#4'; there are #3, #13"),
        ("handbook-forms/beta/forms", "names no claim: 'handbook-forms/beta/forms'"),
        ("blog/alpha/ease#3", "is a claim of an article; only documentation, metadata and measurements decide"),
    ],
)
def test_a_wrong_reference_to_a_deciding_claim_is_named(reference: str, words: str, tmp_path) -> None:
    note = "    note: Measured.\n"
    blog = BLOG.replace(note, f"{note}    decided_by:\n    - {reference}\n")
    (problem,) = refused(write(tmp_path, GOOD | RECORDS | {"sources/blog.yaml": blog}))
    assert problem.startswith(f"sources/blog.yaml:{1 + blog[: blog.index(reference)].count(chr(10))}: ")
    assert words in problem


def test_where_the_criteria_cannot_be_read_nothing_else_is_complained_about(tmp_path) -> None:
    problems = refused(write(tmp_path, GOOD | {"criteria.yaml": "categories:\n- slug: a: b\n"}))
    assert [problem.split(": ")[0] for problem in problems] == ["criteria.yaml:2"]
