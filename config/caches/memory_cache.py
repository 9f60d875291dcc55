"""A cache in this process that holds a number of bytes, not of entries."""

import pickle
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache

ENTRY_BYTES = 500  # what Python and the key take beside the value
LARGEST_PART = 8  # an entry may take an eighth of its shelf
RARE = "rare:"  # keys that begin so share a quarter of the memory, so that strangers' searches displace no page
RARE_PART = 4


@dataclass
class Shelf:
    """Entries within a budget; the one that was not used for longest goes first."""

    max_bytes: int
    entries: "OrderedDict[str, tuple[bytes, float | None]]" = field(default_factory=OrderedDict)  # value, end of life
    used_bytes: int = 0

    def get(self, key: str) -> bytes | None:
        entry = self.entries.get(key)
        if entry is None:
            return None
        value, expires_at = entry
        if expires_at is not None and expires_at <= time.time():
            self.remove(key)
            return None
        self.entries.move_to_end(key)
        return value

    def set(self, key: str, value: bytes, expires_at: float | None) -> None:
        self.remove(key)
        size = len(value) + ENTRY_BYTES
        if size > self.max_bytes // LARGEST_PART:
            return
        self.entries[key] = value, expires_at
        self.used_bytes += size
        while self.used_bytes > self.max_bytes:
            self.remove(next(iter(self.entries)))

    def remove(self, key: str) -> bool:
        entry = self.entries.pop(key, None)
        if entry is None:
            return False
        self.used_bytes -= len(entry[0]) + ENTRY_BYTES
        return True


class Shelves:
    """The entries of one cache, shared by all threads, each of which has a MemoryCache of its own."""

    def __init__(self, max_bytes: int) -> None:
        self.lock = Lock()
        self.common = Shelf(max_bytes - max_bytes // RARE_PART)
        self.rare = Shelf(max_bytes // RARE_PART)

    def of(self, full_key: str) -> Shelf:
        return self.rare if f":{RARE}" in full_key else self.common  # after the prefix and version


_shelves: dict[tuple[str, int], Shelves] = {}


class MemoryCache(BaseCache):
    """Django's interface to the shelves. Values are pickled, so that nobody changes what others read."""

    is_shared = False  # between processes

    def __init__(self, name: str, params: dict[str, Any]) -> None:
        super().__init__(params)
        max_bytes = params["OPTIONS"]["MAX_BYTES"]
        self._shelves = _shelves.setdefault((name, max_bytes), Shelves(max_bytes))

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        key = self.make_and_validate_key(key, version)
        with self._shelves.lock:
            value = self._shelves.of(key).get(key)
        return default if value is None else pickle.loads(value)  # noqa: S301 (written by this process)

    def set(self, key: str, value: Any, timeout: float | None = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        key, pickled = self.make_and_validate_key(key, version), pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
        with self._shelves.lock:
            self._shelves.of(key).set(key, pickled, self.get_backend_timeout(timeout))

    def add(self, key: str, value: Any, timeout: float | None = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        key, pickled = self.make_and_validate_key(key, version), pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
        with self._shelves.lock:
            shelf = self._shelves.of(key)
            if shelf.get(key) is not None:
                return False
            shelf.set(key, pickled, self.get_backend_timeout(timeout))
            return True

    def incr(self, key: str, delta: int = 1, version: int | None = None) -> int:
        key = self.make_and_validate_key(key, version)
        with self._shelves.lock:
            shelf = self._shelves.of(key)
            pickled = shelf.get(key)
            if pickled is None:
                raise ValueError(f"The cache holds no {key!r}.")
            value: int = pickle.loads(pickled) + delta  # noqa: S301 (written by this process)
            shelf.set(key, pickle.dumps(value), shelf.entries[key][1])
            return value

    def touch(self, key: str, timeout: float | None = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        key = self.make_and_validate_key(key, version)
        with self._shelves.lock:
            shelf = self._shelves.of(key)
            pickled = shelf.get(key)
            if pickled is not None:
                shelf.set(key, pickled, self.get_backend_timeout(timeout))
            return pickled is not None

    def delete(self, key: str, version: int | None = None) -> bool:
        key = self.make_and_validate_key(key, version)
        with self._shelves.lock:
            return self._shelves.of(key).remove(key)

    def clear(self) -> None:
        with self._shelves.lock:
            for shelf in (self._shelves.common, self._shelves.rare):
                shelf.entries.clear()
                shelf.used_bytes = 0

    @property
    def used_bytes(self) -> int:
        return self._shelves.common.used_bytes + self._shelves.rare.used_bytes
