import sys

from litestar import Litestar, get
from litestar.testing import TestClient

from comparison.experiments import box, serving
from comparison.experiments.adapters.litestar.box import STANDARD
from comparison.experiments.box import Absent

APP = """
import click
from litestar import Litestar, get
from litestar.plugins import CLIPlugin

@get("/fail")
async def fail() -> str:
    price, count = 42, 0
    return str(price / count)

class Greetings(CLIPlugin):
    def on_cli_init(self, cli):
        @cli.command()
        @click.argument("name")
        def greet(name):
            print(f"Hello, {name}")

application = Litestar([fail], plugins=[Greetings()], debug=True)
"""


@get("/")
async def hello() -> str:
    return "Hello, test"


def ask_in_test():
    """litestar.testing.TestClient"""
    with TestClient(Litestar([hello])) as client:
        response = client.get("/")
        return response.status_code, response.text


def restart(folder):
    box.require_for("“litestar run --reload”", "litestar.cli.commands.core:--reload", "uvicorn", STANDARD)


def show_error(folder):
    """debug=True"""
    (folder / "app.py").write_text(APP)
    return lambda port: [sys.executable, "-m", serving.__name__, "app", serving.BRIDGED, str(port)]


def run_in_frame(folder):
    raise Absent("starts Python’s debugger in the terminal when told to, and none in the browser")


def run_command(folder):
    """on_cli_init of a plugin"""
    (folder / "app.py").write_text(APP)
    return [sys.executable, "-m", "litestar", "--app", "app:application", "greet", "Ann"]
