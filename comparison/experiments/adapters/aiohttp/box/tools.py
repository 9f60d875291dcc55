import asyncio
import sys

from comparison.experiments import box

APP = """
import sys

from aiohttp import web


async def index(request):
    return web.Response(text="first")


async def fail(request):
    price, count = 42, 0
    return web.Response(text=str(price / count))


app = web.Application()
app.add_routes([web.get("/", index), web.get("/fail", fail)])
web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]))
"""


def ask_in_test():
    """TestClient, with a TestServer that listens on a port of its own"""
    return asyncio.run(ask())


async def ask():
    from aiohttp import web
    from aiohttp.test_utils import TestClient, TestServer

    async def index(request):
        return web.Response(text="Hello, test")

    app = web.Application()
    app.add_routes([web.get("/", index)])
    async with TestClient(TestServer(app)) as client, client.get("/") as response:
        return response.status, await response.text()


def restart(folder):
    box.require("aiohttp_devtools")


def show_error(folder):
    """Python’s development mode"""
    (folder / "app.py").write_text(APP)
    return lambda port: [sys.executable, "-X", "dev", "app.py", str(port)]


def run_in_frame(folder):
    box.require("aiohttp_debugtoolbar")


def run_command(folder):
    command = [sys.executable, "-m", "aiohttp.web", "--help"]
    box.run_own("python -m aiohttp.web", command, lambda: box.search("command", "management"))
