"""The cache in the process: counted in bytes, the least recently used out first, strangers' searches apart."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from config.caches.memory_cache import MemoryCache

MEGABYTE = 1_000_000


@pytest.fixture
def cache(request):
    memory = MemoryCache(request.node.name, {"OPTIONS": {"MAX_BYTES": MEGABYTE}})
    yield memory
    memory.clear()


def test_it_never_holds_more_than_its_bytes(cache) -> None:
    for number in range(3000):
        cache.set(f"page{number}", b"x" * (number % 20_000))
        assert cache.used_bytes <= MEGABYTE
    assert cache.get("page2999") == b"x" * 2999
    assert cache.get("page0") is None


def test_what_was_not_used_for_longest_goes_first(cache) -> None:
    for number in range(2000):
        cache.set(f"page{number}", b"x" * 10_000)
        assert cache.get("page0") is not None
    assert cache.get("page1") is None


def test_an_entry_that_is_too_large_is_not_kept_nor_its_predecessor(cache) -> None:
    cache.set("page", b"small")
    cache.set("page", b"x" * MEGABYTE)
    assert (cache.get("page"), cache.used_bytes) == (None, 0)


def test_thousands_of_searches_displace_no_page(cache) -> None:
    for number in range(20):
        cache.set(f"page{number}", b"x" * 20_000)
    for number in range(2000):
        cache.set(f"rare:{number}", b"x" * 10_000)
    assert all(cache.get(f"page{number}") for number in range(20))
    assert cache.get("rare:1999")
    assert cache.used_bytes <= MEGABYTE * 3 / 4


def test_bytes_are_given_back(cache) -> None:
    cache.set("a", b"x" * 1000)
    cache.set("a", b"x" * 10)
    cache.set("b", b"x", timeout=0)
    assert cache.get("b") is None
    assert cache.delete("a")
    assert not cache.delete("a")
    assert cache.used_bytes == 0


def test_it_is_a_cache_as_django_knows_it(cache, monkeypatch) -> None:
    assert (cache.add("a", 1), cache.add("a", 2), cache.get("a")) == (True, False, 1)
    assert (cache.incr("a"), cache.decr("a", 2), cache.get("none", "default")) == (2, 0, "default")
    assert (cache.touch("a", 60), cache.touch("none"), cache.has_key("a")) == (True, False, True)
    with pytest.raises(ValueError, match="none"):
        cache.incr("none")
    given = ["changed later"]
    cache.set("list", given)
    given.append("x")
    assert cache.get("list") == ["changed later"]
    now = time.time()
    monkeypatch.setattr("config.caches.memory_cache.time.time", lambda: now + 61)
    assert cache.get("a") is None
    cache.clear()
    assert cache.used_bytes == 0


def test_threads_share_it_and_count_right(cache) -> None:
    def write(thread: int) -> None:
        mine = MemoryCache(next(iter(names)), {"OPTIONS": {"MAX_BYTES": MEGABYTE}})
        for number in range(200):
            mine.set(f"{thread}-{number}", b"x" * number)
            mine.delete(f"{thread}-{number - 1}")

    names = {"test_threads_share_it_and_count_right"}
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(8)))
    assert all(cache.get(f"{thread}-199") for thread in range(8))
    for thread in range(8):
        cache.delete(f"{thread}-199")
    assert cache.used_bytes == 0
