import sys
from pathlib import Path

import falcon
from falcon import testing

from comparison.experiments import box


class Hello:
    def on_get(self, req, resp):
        resp.text = "Hello, test"


def ask_in_test():
    """falcon.testing.TestClient"""
    app = falcon.App()
    app.add_route("/", Hello())
    result = testing.TestClient(app).simulate_get("/")
    return result.status_code, result.text


def restart(folder):
    box.require("gunicorn")


def show_error(folder):
    box.search("debug")


def run_in_frame(folder):
    box.search("debugger")


def run_command(folder):
    command = [Path(sys.executable).with_name("falcon-inspect-app"), "--help"]
    box.run_own("falcon-inspect-app", command, lambda: box.search("command", "management"))
