import sys

from comparison.experiments import box, serving
from comparison.experiments.adapters.fastapi.box import STANDARD

APP = """
from fastapi import FastAPI

application = FastAPI(debug=True)

@application.get("/fail")
async def fail():
    price, count = 42, 0
    return price / count
"""


def ask_in_test():
    box.require_for("TestClient", "fastapi.testclient:TestClient", "httpx2", STANDARD)


def restart(folder):
    box.require_for("the command “fastapi”", "fastapi.cli:main", "fastapi_cli", f"has “fastapi dev” and {STANDARD}")


def show_error(folder):
    """debug=True"""
    (folder / "app.py").write_text(APP)
    return lambda port: [sys.executable, "-m", serving.__name__, "app", serving.BRIDGED, str(port)]


def run_in_frame(folder):
    box.search("debugger")


def run_command(folder):
    which = f"has “fastapi dev” and “fastapi run” and {STANDARD}"
    box.require_for("the command “fastapi”", "fastapi.cli:main", "fastapi_cli", which)
