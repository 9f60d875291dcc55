import sys

from comparison.experiments import box
from comparison.experiments.box import Absent

APP = """
import asyncio
import sys

import tornado.web


class Index(tornado.web.RequestHandler):
    def get(self):
        self.write("first")


class Fail(tornado.web.RequestHandler):
    def get(self):
        price, count = 42, 0
        self.write(str(price / count))


async def main():
    app = tornado.web.Application([(r"/", Index), (r"/fail", Fail)], debug=True)
    app.listen(int(sys.argv[1]), address="127.0.0.1")
    await asyncio.Event().wait()


asyncio.run(main())
"""


def ask_in_test():
    """AsyncHTTPTestCase, which listens on a port of its own"""
    from tornado.testing import AsyncHTTPTestCase
    from tornado.web import Application, RequestHandler

    class Index(RequestHandler):
        def get(self):
            self.write("Hello, test")

    class Test(AsyncHTTPTestCase):
        def get_app(self):
            return Application([(r"/", Index)])

        def test_greeting(self):
            self.response = self.fetch("/")

    test = Test("test_greeting")
    test.debug()
    return test.response.code, test.response.body.decode()


def write(folder):
    file = folder / "app.py"
    file.write_text(APP)
    return file


def server(port):
    return [sys.executable, "app.py", str(port)]


def restart(folder):
    """the setting debug, with tornado.autoreload"""
    return write(folder), server


def show_error(folder):
    """the setting debug"""
    write(folder)
    return server


def run_in_frame(folder):
    box.search("debugger")


def run_command(folder):
    raise Absent("has no commands: tornado.options reads the options of a program that the developer writes")
