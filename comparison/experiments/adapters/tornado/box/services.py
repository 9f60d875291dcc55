from threading import Thread

from tornado.ioloop import IOLoop

from comparison.experiments import box


def send_mail(host, port):
    box.search("mail", "smtp")


def cache_value(folder):
    box.search("caching", "memcache")


def cache_page(folder):
    box.search("caching", "memcache")


def run_later(done):
    """IOLoop.add_callback, in the server’s own process"""
    loop = IOLoop(make_current=False)
    Thread(target=loop.start, daemon=True).start()
    loop.add_callback(loop.call_later, 0.5, done.touch)
