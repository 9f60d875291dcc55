import asyncio
from itertools import count

from litestar import Litestar, Response, get
from litestar.background_tasks import BackgroundTask
from litestar.stores.memory import MemoryStore

from comparison.experiments import box, calling

numbers = count(1)


@get("/", cache=60)
async def index() -> str:
    return f"made {next(numbers)}"


def send_mail(host, port):
    box.search("mail", "smtp", besides="pygments")


def cache_value(folder):
    """MemoryStore"""
    store = MemoryStore()

    def read(key):
        value = asyncio.run(store.get(key))
        return value and value.decode()

    return lambda key, value, seconds: asyncio.run(store.set(key, value, expires_in=seconds)), read


def cache_page(folder):
    """cache=60"""
    return Litestar([index])


def run_later(done):
    """BackgroundTask, in the server’s own process"""

    async def write():
        await asyncio.sleep(0.5)
        done.touch()

    @get("/")
    async def accept() -> Response[str]:
        return Response("accepted", background=BackgroundTask(write))

    box.expect(calling.ask_and_leave(Litestar([accept]), "/"), "the answer waited for the task")
