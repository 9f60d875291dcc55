import asyncio
from collections.abc import Iterator

import pytest

from comparison.experiments import timing


@pytest.fixture(autouse=True)
def _speed_found_at_once(monkeypatch) -> None:
    monkeypatch.setattr(timing, "FULL_SPEED_SECONDS", 0)


@pytest.fixture(autouse=True)
def _no_running_loop() -> Iterator[None]:
    """Browser tests leave a loop running in their process, beside which asyncio starts no other."""
    loop = asyncio._get_running_loop()
    asyncio._set_running_loop(None)
    yield
    asyncio._set_running_loop(loop)
