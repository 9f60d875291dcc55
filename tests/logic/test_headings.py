"""The section in which a passage stands."""

import pytest

from comparison.texts.headings import section_at

RST = """\
.. _guide:

Guide
=====

Welcome.

Sockets
-------

`A protocol <place>`_
is recent.

Using :class:`Socket`
~~~~~~~~~~~~~~~~~~~~~

Short line

# no heading
Open it.

Files
-----

Read them.
"""
MARKDOWN = """\
# Guide

Welcome.

## Sockets { #sockets }

```python
# a comment
```

### [Library](https://example.org)

Open it.

## Files

Read them.
"""
HTML = "<h1>Guide<a>¶</a></h1><p>Welcome.<h2>Sockets &amp; more</h2><p>Open it."
METADATA = "Name: thing\nSummary: little\n\nGuide\n=====\n\nWelcome.\n\nFiles\n-----\n\nRead them.\n"


@pytest.mark.parametrize(
    ("text", "file", "words", "section"),
    [
        (RST, "docs/index.rst", "Welcome", "Opening"),
        (RST, "docs/index.rst", "is recent", "Sockets"),
        (RST, "docs/index.rst.txt", "Open it", "Sockets › Using Socket"),
        (RST, "docs/index.rst", "Read them", "Files"),
        (MARKDOWN, "docs/index.md", "Welcome", "Opening"),
        (MARKDOWN, "docs/index.md", "a comment", "Sockets"),
        (MARKDOWN, "docs/index.md", "Open it", "Sockets › Library"),
        (MARKDOWN, "docs/index.md", "Read them", "Files"),
        (HTML, "index.html", "Welcome", "Opening"),
        (HTML, "index.html", "Open it", "Sockets & more"),
        (METADATA, "PKG-INFO", "little", "Fields"),
        (METADATA, "PKG-INFO", "Welcome", "Opening"),
        (METADATA, "PKG-INFO", "Read them", "Files"),
        ("Name: thing\nSummary: little\n", "PKG-INFO", "little", "Fields"),
        ('class Thing:\n    """Does it."""\n', "thing.py", "Does it", "Opening"),
    ],
)
def test_a_section_is_named_by_the_headings_above(text, file, words, section) -> None:
    assert section_at(text, text.index(words), file) == section


def test_a_file_with_two_highest_headings_has_no_title_of_its_own() -> None:
    text = "One\n===\n\nFirst.\n\nTwo\n===\n\nSecond.\n"
    assert [section_at(text, text.index(word), "a.rst") for word in ("First", "Second")] == ["One", "Two"]
