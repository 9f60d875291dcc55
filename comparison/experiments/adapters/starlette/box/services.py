import asyncio

from starlette.applications import Starlette
from starlette.background import BackgroundTask
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from comparison.experiments import box, calling


def send_mail(host, port):
    box.search("mail", "smtp")


def cache_value(folder):
    box.search("caching", "memcache")


def cache_page(folder):
    box.search("caching", "memcache")


def run_later(done):
    """BackgroundTask, in the server’s own process"""

    async def write():
        await asyncio.sleep(0.5)
        done.touch()

    async def accept(request):
        return PlainTextResponse("accepted", background=BackgroundTask(write))

    box.expect(calling.ask_and_leave(Starlette(routes=[Route("/", accept)]), "/"), "the answer waited for the task")
