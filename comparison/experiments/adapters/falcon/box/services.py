import asyncio

import falcon.asgi

from comparison.experiments import box, calling


class Order:
    def __init__(self, done):
        self.done = done

    async def on_get(self, req, resp):
        resp.schedule(self.work)

    async def work(self):
        await asyncio.sleep(0.5)
        self.done.write_text("done")


def send_mail(host, port):
    box.search("mail", "smtp")


def cache_value(folder):
    box.search("caching", "memcache")


def cache_page(folder):
    box.search("caching", "memcache")


def run_later(done):
    """resp.schedule of falcon.asgi, in the server’s own process"""
    app = falcon.asgi.App()
    app.add_route("/", Order(done))
    box.expect(calling.ask_and_leave(app, "/"), "the answer waited for the task")
