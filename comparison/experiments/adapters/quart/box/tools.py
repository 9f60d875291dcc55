import asyncio
import sys

from comparison.experiments import box

APP = """
import click
from quart import Quart

app = Quart(__name__)

@app.route("/")
async def index():
    return "first"

@app.route("/fail")
async def fail():
    price, count = 42, 0
    return str(price / count)

@app.cli.command()
@click.argument("name")
def greet(name):
    print(f"Hello, {name}")
"""


def write(folder):
    file = folder / "app.py"
    file.write_text(APP)
    return file


def server(port):
    return [sys.executable, "-m", "quart", "--debug", "run", "--port", str(port)]


def ask_in_test():
    """app.test_client"""
    from quart import Quart

    app = Quart(__name__)

    @app.get("/")
    async def hello():
        return "Hello, test"

    async def ask():
        response = await app.test_client().get("/")
        return response.status_code, await response.get_data(as_text=True)

    return asyncio.run(ask())


def restart(folder):
    """quart --debug run"""
    return write(folder), server


def show_error(folder):
    """quart --debug run"""
    write(folder)
    return server


def run_in_frame(folder):
    box.search("debugger")


def run_command(folder):
    """app.cli"""
    write(folder)
    return [sys.executable, "-m", "quart", "greet", "Ann"]
