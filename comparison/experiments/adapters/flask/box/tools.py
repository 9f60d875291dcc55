import re
import sys

APP = """
import click
from flask import Flask

app = Flask(__name__)

@app.route("/")
def index():
    return "first"

@app.route("/fail")
def fail():
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
    return [sys.executable, "-m", "flask", "run", "--debug", "--port", str(port)]


def ask_in_test():
    """app.test_client"""
    from flask import Flask

    app = Flask(__name__)
    app.add_url_rule("/", view_func=lambda: "Hello, test")
    response = app.test_client().get("/")
    return response.status_code, response.text


def restart(folder):
    """flask run --debug"""
    return write(folder), server


def show_error(folder):
    """flask run --debug"""
    write(folder)
    return server


def run_in_frame(folder):
    """the debugger of Werkzeug"""
    write(folder)
    return lambda port: ["env", "WERKZEUG_DEBUG_PIN=off", *server(port)], evaluation


def evaluation(page):
    """The address with which the page's own console evaluates an expression in the last frame."""
    secret = re.search(r'SECRET = "(\w+)"', page)[1]
    frame = re.findall(r'id="frame-(\d+)"', page)[-1]
    return f"/?__debugger__=yes&cmd=price%20*%202&frm={frame}&s={secret}"


def run_command(folder):
    """app.cli"""
    write(folder)
    return [sys.executable, "-m", "flask", "greet", "Ann"]
