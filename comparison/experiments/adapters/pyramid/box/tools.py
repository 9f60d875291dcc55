import sys

from comparison.experiments import box

APP = """
from pyramid.config import Configurator
from pyramid.response import Response

def index(request):
    return Response("first")

def main(global_config, **settings):
    with Configurator(settings=settings) as config:
        config.add_route("index", "/")
        config.add_view(index, route_name="index")
        return config.make_wsgi_app()
"""
SETTINGS = """
[app:main]
paste.app_factory = app:main
[server:main]
use = egg:pyramid#wsgiref
host = 127.0.0.1
port = %(http_port)s
"""
GREET = """
import argparse
from pyramid.paster import bootstrap

parser = argparse.ArgumentParser()
parser.add_argument("config")
parser.add_argument("name")
options = parser.parse_args()
with bootstrap(options.config, options={"http_port": "6543"}):
    print(f"Hello, {options.name}")
"""


def write(folder):
    (folder / "development.ini").write_text(SETTINGS)
    file = folder / "app.py"
    file.write_text(APP)
    return file


def ask_in_test():
    """Request.blank and get_response"""
    from pyramid.request import Request
    from pyramid.response import Response

    from comparison.experiments.adapters.pyramid.box import application

    app = application({"/": lambda request: Response("Hello, test")})
    response = Request.blank("/").get_response(app)
    return response.status_code, response.text


def restart(folder):
    """pserve --reload"""
    pserve = [sys.executable, "-m", "pyramid.scripts.pserve", "--reload", "development.ini"]
    return write(folder), lambda port: [*pserve, f"http_port={port}"]


def show_error(folder):
    box.require("pyramid_debugtoolbar")


def run_in_frame(folder):
    box.require("pyramid_debugtoolbar")


def run_command(folder):
    """pyramid.paster.bootstrap"""
    write(folder)
    (folder / "greet.py").write_text(GREET)
    return [sys.executable, folder / "greet.py", "development.ini", "Ann"]
