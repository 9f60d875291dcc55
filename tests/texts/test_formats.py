"""Formats of files: saved pages, messages, encodings that a file names, and those that are refused."""

import pytest

from comparison.texts.decode import TextFormat, Unreadable, decode, detect_format
from comparison.texts.mail import NoText, article_part
from tests.source_texts import EML, MHTML


def test_the_page_in_an_mhtml_file_is_read() -> None:
    part = article_part(MHTML)
    assert part is not None
    assert (part.is_html, "<p>Größe is all</p>" in part.data.decode()) == (True, True)


@pytest.mark.parametrize(("kind", "is_html"), [("text/plain", False), ("text/html", True)])
def test_the_text_of_a_message_is_read(kind, is_html) -> None:
    part = article_part(EML.format(kind=kind).encode("latin-1"))
    assert part is not None
    assert (part.data.decode(part.charset).strip(), part.is_html) == ("Größe", is_html)


@pytest.mark.parametrize(
    "data", [b"Note: this is a text.\n\nMore.", b"<p>Content-Type: x", b"Content-Type: what a page says\n\nMore.", b""]
)
def test_other_texts_are_no_messages(data) -> None:
    assert article_part(data) is None


def test_a_message_without_text_is_refused() -> None:
    with pytest.raises(NoText):
        article_part(MHTML.replace(b"text/html\r\nContent-T", b"image/png\r\nContent-T"))


@pytest.mark.parametrize(
    ("text", "declared", "python_name", "encoding"),
    [
        ("Привет", "windows-1251", "cp1251", "windows-1251"),
        ("Привет", "KOI8-R", "koi8-r", "koi8-r"),
        ("日本語", "x-sjis", "cp932", "shift_jis"),
        ("日本語", "EUC-JP", "euc-jp", "euc-jp"),
        ("한국어", "euc-kr", "euc-kr", "euc-kr"),
        ("中文", "gb2312", "gbk", "gb18030"),
        ("Größe", "ISO-8859-1", "latin-1", "windows-1252"),
        ("ไทย", "tis-620", "cp874", "windows-874"),
        ("Größe", "iso-8859-1", "utf-8", "utf-8"),  # a lie: these bytes are UTF-8
        ("plain", "windows-1251", "ascii", "utf-8"),
    ],
)
def test_a_declared_encoding_is_believed_if_the_bytes_are_in_it(text, declared, python_name, encoding) -> None:
    for head in (f"<meta charset='{declared}'>", f'<meta http-equiv=x content="text/html; charset={declared}">'):
        page = f"<!doctype html>{head}<p>{text}"
        assert decode(page.encode(python_name)) == (page, encoding)


@pytest.mark.parametrize("declared", ["klingon", "utf-16", "rot13", "utf-7", "idna"])
def test_an_encoding_that_is_not_known_or_not_so_is_not_believed(declared) -> None:
    page = f"<meta charset={declared}><p>Größe"
    assert decode(page.encode()) == (page, "utf-8")
    with pytest.raises(Unreadable, match="is not UTF-8"):
        decode(page.encode("latin-1"))


def test_a_chosen_encoding_counts_before_a_declared_one() -> None:
    data = "<meta charset=windows-1251><p>Größe".encode("latin-1")
    assert decode(data, "windows-1252")[0].endswith("Größe")


@pytest.mark.parametrize(("text", "encoding"), [("日本語 です", "iso-2022-jp"), ("한국어", "iso-2022-kr")])
def test_encodings_are_known_by_their_escapes(text, encoding) -> None:
    assert decode(text.encode(encoding)) == (text, encoding)
    assert decode(text.encode(encoding), encoding) == (text, encoding)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"{\\rtf1\\ansi Text}", "a rich-text"),
        (b"bplist00\xd1", "a web archive of Safari"),
        (b"%!PS-Adobe", "a PostScript document"),
        (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    ],
)
def test_files_that_are_no_text_are_refused_with_what_to_do(data, words) -> None:
    with pytest.raises(Unreadable, match=f"This is {words}.*Save the article as a text or HTML file"):
        decode(data)


@pytest.mark.parametrize(
    ("name", "text", "text_format"),
    [
        ("page.shtml", "x", TextFormat.HTML),
        ("page.mht", "x", TextFormat.HTML),
        ("page", "<!DOCTYPE html><p>x", TextFormat.HTML),
        ("index.php", "<html><p>x", TextFormat.HTML),
        ("example.org", "<!-- saved from url=(0020)https://example.org -->\n<html>", TextFormat.HTML),
        ("", '<?xml version="1.0"?>\n<!-- x -->\n<!DOCTYPE html PUBLIC>', TextFormat.HTML),
        ("", "<meta charset=utf-8><title>x</title>", TextFormat.HTML),
        ("page.txt", "<!doctype html>", TextFormat.TEXT),
        ("page", "<p> is a tag", TextFormat.TEXT),
        ("page", "<headless> words", TextFormat.TEXT),
    ],
)
def test_pages_are_known_by_name_or_beginning(name, text, text_format) -> None:
    assert detect_format(name, text) is text_format
