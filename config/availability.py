"""Which databases answered when they were last asked, so that not every request waits for one that is away."""

import logging
import time
from dataclasses import dataclass, field
from threading import Lock

logger = logging.getLogger(__name__)

RETRY_SECONDS = 5.0  # between two tries to reach a database that is away; one thread tries, the others go on without


@dataclass
class Availability:
    name: str
    _lock: Lock = field(default_factory=Lock)
    _retry_at: float | None = None  # on time.monotonic(); None while the database answers

    def may_be_asked(self) -> bool:
        if self._retry_at is None:
            return True
        with self._lock:
            now = time.monotonic()
            if self._retry_at is not None and now < self._retry_at:
                return False
            self._retry_at = now + RETRY_SECONDS
            return True

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
