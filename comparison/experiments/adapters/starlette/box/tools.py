import sys

from comparison.experiments import box, serving
from comparison.experiments.adapters.starlette.box import FULL

APP = """
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

async def fail(request):
    price, count = 42, 0
    return PlainTextResponse(str(price / count))

application = Starlette(debug=True, routes=[Route("/fail", fail)])
"""


def ask_in_test():
    box.require_for("TestClient", "starlette.testclient:TestClient", "httpx2", FULL)


def restart(folder):
    box.require("uvicorn")


def show_error(folder):
    """debug=True"""
    (folder / "app.py").write_text(APP)
    return lambda port: [sys.executable, "-m", serving.__name__, "app", serving.BRIDGED, str(port)]


def run_in_frame(folder):
    box.search("debugger")


def run_command(folder):
    box.search("command", "management")
