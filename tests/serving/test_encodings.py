"""What a client accepts is what it gets: compressed, plain, or a refusal."""

import gzip

import pytest
from django.core.cache import cache

from comparison.serving.encodings import accepted_encoding
from tests.reading import answered

GZIP, PLAIN = "gzip", "identity"


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("", PLAIN),
        ("gzip", GZIP),
        ("GZip", GZIP),
        ("x-gzip", GZIP),
        ("gzip, deflate, br, zstd", GZIP),
        ("br;q=1.0, gzip;q=0.8, *;q=0.1", GZIP),
        ("gzip;q=0", PLAIN),
        ("gzip;q=0.000", PLAIN),
        ("gzip ; q=0.001", GZIP),
        ("br", PLAIN),
        ("identity", PLAIN),
        ("identity, gzip;q=0.5", PLAIN),
        ("identity;q=0.5, gzip;q=0.5", GZIP),
        ("identity;q=0, gzip", GZIP),
        ("*", GZIP),
        ("*;q=0.5", GZIP),
        ("*, gzip;q=0", PLAIN),
        ("identity;q=0", None),
        ("br, identity;q=0", None),
        ("br, *;q=0", None),
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


def test_a_page_is_sent_compressed_or_plain_with_its_length(client, address) -> None:
    for _ in range(3):  # drawn, kept, remembered
        plain = client.get(address)
        packed = client.get(address, headers={"accept-encoding": "gzip, deflate, br"})
        assert gzip.decompress(packed.content) == plain.content
        assert (packed.headers["Content-Encoding"], plain.has_header("Content-Encoding")) == ("gzip", False)
        assert [int(answer.headers["Content-Length"]) for answer in (packed, plain)] == [
            len(packed.content),
            len(plain.content),
        ]
        names = {"Content-Length", "Content-Encoding", "X-Request-ID"}
        same = [{k: v for k, v in answer.headers.items() if k not in names} for answer in (packed, plain)]
        assert same[0] == same[1]
        assert same[0]["Vary"] == "Accept-Encoding"


def test_compression_gives_the_same_bytes_every_time(client, address) -> None:
    bodies = set()
    for _ in range(2):
        cache.clear()
        bodies.add(client.get(address, headers={"accept-encoding": "gzip"}).content)
    assert len(bodies) == 1


@pytest.mark.parametrize("encoding", ["gzip", ""])
def test_head_names_the_length_of_what_get_sends(client, address, encoding) -> None:
    headers = {"accept-encoding": encoding}
    for _ in range(3):
        head, get = client.head(address, headers=headers), client.get(address, headers=headers)
        assert answered(head) == (b"", answered(get)[1])


def test_a_client_that_refuses_both_is_told(client, address) -> None:
    for _ in range(2):
        refused = client.get(address, headers={"accept-encoding": "br, identity;q=0"})
        assert (refused.status_code, b"refuses both" in refused.content) == (406, True)
        assert (refused.headers["Vary"], "ETag" in refused.headers) == ("Accept-Encoding", False)
        assert client.get(address).status_code == 200


def test_pages_with_secrets_are_never_compressed(client, db) -> None:
    answer = client.get("/admin/login/", headers={"accept-encoding": "gzip"})
    assert (answer.has_header("Content-Encoding"), b"csrfmiddlewaretoken" in answer.content) == (False, True)
