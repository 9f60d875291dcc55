"""What a client accepts is what it gets: compressed, plain, or a refusal."""

import gzip
from functools import partial

import brotli
import pytest
from django.core.cache import cache

from comparison.serving import kept_pages
from comparison.serving.encodings import accepted_encoding
from tests.reading import answered

BR, GZIP, PLAIN = "br", "gzip", "identity"
DECOMPRESS = {BR: brotli.decompress, GZIP: gzip.decompress, "": bytes}


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("", PLAIN),
        ("gzip", GZIP),
        ("GZip", GZIP),
        ("x-gzip", GZIP),
        ("gzip, deflate, br, zstd", BR),
        ("br;q=1.0, gzip;q=0.8, *;q=0.1", BR),
        ("br;q=0.8, gzip;q=1.0", GZIP),
        ("br;q=0, gzip", GZIP),
        ("br;q=0", PLAIN),
        ("BR", BR),
        ("br;q=0.5, identity", PLAIN),
        ("gzip;q=0", PLAIN),
        ("gzip;q=0.000", PLAIN),
        ("gzip ; q=0.001", GZIP),
        ("br", BR),
        ("identity", PLAIN),
        ("identity, gzip;q=0.5", PLAIN),
        ("identity;q=0.5, gzip;q=0.5", GZIP),
        ("identity;q=0, gzip", GZIP),
        ("*", GZIP),
        ("*;q=0.5", GZIP),
        ("*, gzip;q=0", PLAIN),
        ("*, gzip;q=0, identity;q=0", BR),
        ("identity;q=0", None),
        ("zstd, identity;q=0", None),
        ("br, identity;q=0", BR),
        ("br, *;q=0", BR),
        ("br;q=0, *;q=0", None),
        ("gzip;q=0, *;q=0", None),
        ("identity, *;q=0", PLAIN),
        ("gzip, *;q=0", GZIP),
        ("gzip;q=many", PLAIN),
        ("gzip;q=2", PLAIN),
        ("gzip;q=nan", PLAIN),
        ("gzip;level=9", PLAIN),
        (",, ,gzip,", GZIP),
    ],
)
def test_the_best_of_what_is_accepted_is_chosen(header, expected) -> None:
    assert accepted_encoding(header) == expected


@pytest.fixture(params=["/about/", "/about/?zz=1", "/api/v1/frameworks/", "/claims.csv?q=x"])
def address(request, db) -> str:
    return request.param


@pytest.mark.parametrize("encoding", [BR, GZIP])
def test_a_page_is_sent_compressed_or_plain_with_its_length(client, address, encoding) -> None:
    for _ in range(3):  # drawn, kept, remembered
        plain = client.get(address)
        packed = client.get(address, headers={"accept-encoding": f"deflate, {encoding}"})
        assert DECOMPRESS[encoding](packed.content) == plain.content
        assert (packed.headers["Content-Encoding"], plain.has_header("Content-Encoding")) == (encoding, False)
        assert [int(answer.headers["Content-Length"]) for answer in (packed, plain)] == [
            len(packed.content),
            len(plain.content),
        ]
        names = {"Content-Length", "Content-Encoding", "X-Request-ID"}
        same = [{k: v for k, v in answer.headers.items() if k not in names} for answer in (packed, plain)]
        assert same[0] == same[1]  # the ETag too: it is weak, so all encodings of a page share it
        assert (same[0]["Vary"], same[0]["ETag"][:2]) == ("Accept-Encoding", "W/")


def noted(names, name, function, body) -> bytes:
    names.append(name)
    return function(body)


@pytest.mark.parametrize("first", [BR, GZIP, PLAIN])
def test_a_body_is_compressed_once_for_each_encoding_that_is_asked_for(client, address, first, monkeypatch) -> None:
    compressed = []
    for encoding, compress in kept_pages.COMPRESS.items():
        monkeypatch.setitem(kept_pages.COMPRESS, encoding, partial(noted, compressed, encoding, compress))
    bodies = set()
    for encoding in (first, first, BR, GZIP, PLAIN, BR, GZIP, PLAIN):
        answer = client.get(address, headers={"accept-encoding": encoding})
        bodies.add(DECOMPRESS[answer.headers.get("Content-Encoding", "")](answer.content))
        if len(compressed) == 1:
            assert compressed == [GZIP if first == GZIP else BR]
    assert (sorted(compressed), len(bodies)) == ([BR, GZIP], 1)


@pytest.mark.parametrize("encoding", [BR, GZIP])
def test_compression_gives_the_same_bytes_every_time(client, address, encoding) -> None:
    bodies = set()
    for _ in range(2):
        cache.clear()
        bodies.add(client.get(address, headers={"accept-encoding": encoding}).content)
    assert len(bodies) == 1


@pytest.mark.parametrize("encoding", ["br", "gzip", ""])
def test_head_names_the_length_of_what_get_sends(client, address, encoding) -> None:
    headers = {"accept-encoding": encoding}
    for _ in range(3):
        head, get = client.head(address, headers=headers), client.get(address, headers=headers)
        assert answered(head) == (b"", answered(get)[1])


def test_a_client_that_refuses_all_is_told(client, address) -> None:
    for _ in range(2):
        refused = client.get(address, headers={"accept-encoding": "zstd, identity;q=0"})
        assert (refused.status_code, b"refuses all three" in refused.content) == (406, True)
        assert (refused.headers["Vary"], "ETag" in refused.headers) == ("Accept-Encoding", False)
        assert client.get(address).status_code == 200


def test_pages_with_secrets_are_never_compressed(client, db) -> None:
    answer = client.get("/admin/login/", headers={"accept-encoding": "gzip, br"})
    assert (answer.has_header("Content-Encoding"), b"csrfmiddlewaretoken" in answer.content) == (False, True)
