import sys

from comparison.experiments import box
from comparison.experiments.adapters.bottle import names

APP = """
from bottle import route

@route("/")
def index():
    return "first"

@route("/fail")
def fail():
    price, count = 42, 0
    return str(price / count)
"""


def write(folder):
    file = folder / "app.py"
    file.write_text(APP)
    return file


def server(port):
    return [sys.executable, "-m", "bottle", "--debug", "--reload", "--bind", f"127.0.0.1:{port}", "app"]


def ask_in_test():
    box.require("webtest")


def restart(folder):
    """bottle --reload"""
    return write(folder), server


def show_error(folder):
    """bottle --debug"""
    write(folder)
    return server


def run_in_frame(folder):
    box.require("werkzeug")


def run_command(folder):
    box.run_own("bottle", [sys.executable, "-m", "bottle", "--help"], lambda: names.search("command"))
