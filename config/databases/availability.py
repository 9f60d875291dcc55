"""Which databases answered when they were last asked, so that not every request waits for one that is away."""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock, get_ident

logger = logging.getLogger(__name__)

SUSPECT_SECONDS = 1.0  # without an answer to one thread, after which no other joins it in waiting
RETRY_SECONDS = 5.0  # between two tries to reach a database that is away; one thread tries, the others go on without


@dataclass
class Availability:
    name: str
    _lock: Lock = field(default_factory=Lock)
    _retry_at: float | None = None  # on time.monotonic(); None while the database answers

    _asked_at: dict[int, float] = field(default_factory=dict)  # by thread, while it waits

    def may_be_asked(self) -> bool:
        if self._retry_at is None:
            waiting_since = min(self._asked_at.copy().values(), default=None)
            return waiting_since is None or time.monotonic() - waiting_since < SUSPECT_SECONDS
        with self._lock:
            now = time.monotonic()
            if self._retry_at is not None and now < self._retry_at:
                return False
            self._retry_at = now + RETRY_SECONDS
            return True

    @contextmanager
    def asked(self) -> Iterator[None]:
        """While this thread waits for it; whatever the answer is, the waiting ends."""
        self._asked_at[get_ident()] = time.monotonic()
        try:
            yield
        finally:
            self._asked_at.pop(get_ident(), None)

    def failed(self, error: Exception) -> None:
        with self._lock:
            was_away, self._retry_at = self._retry_at is not None, time.monotonic() + RETRY_SECONDS
        if not was_away:
            logger.warning("The %s does not answer and is asked again in %g s: %s", self.name, RETRY_SECONDS, error)

    def answered(self) -> None:
        if self._retry_at is None:
            return
        with self._lock:
            self._retry_at = None
        logger.warning("The %s answers again.", self.name)
