import sys

from comparison.experiments import box

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
GREET = """
from tornado.options import define, options, parse_command_line

define("name")
parse_command_line()
print(f"Hello, {options.name}")
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
    """tornado.options"""
    (folder / "greet.py").write_text(GREET)
    return [sys.executable, folder / "greet.py", "--name=Ann"]
