"""A Redis cache that may be unavailable: the site then draws its pages without it and logs a warning."""

import logging
from typing import Any

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

from config.databases.availability import Availability

logger = logging.getLogger(__name__)
availability = Availability("cache")  # of this process; a frozen Redis would cost each page half a second and more


class ForgivingRedisCache(RedisCache):
    is_shared = True  # between processes

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        return self._ask(default, super().get, key, default, version)

    def set(self, key: str, value: Any, *args: Any, **options: Any) -> None:
        self._ask(None, super().set, key, value, *args, **options)

    def add(self, key: str, value: Any, *args: Any, **options: Any) -> bool:
        return bool(self._ask(True, super().add, key, value, *args, **options))

    def delete(self, key: str, version: int | None = None) -> bool:
        return bool(self._ask(False, super().delete, key, version))

    def _ask(self, otherwise: Any, method: Any, *args: Any, **options: Any) -> Any:
        """What Redis answers; `otherwise` while it is away."""
        if not availability.may_be_asked():
            return otherwise
        try:
            result = method(*args, **options)
        except RedisError as error:
            availability.failed(error)
            return otherwise
        availability.answered()
        return result
