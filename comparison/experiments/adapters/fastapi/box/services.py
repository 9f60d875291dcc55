import asyncio

from fastapi import BackgroundTasks, FastAPI

from comparison.experiments import box, calling


def send_mail(host, port):
    box.search("mail", "smtp")


def cache_value(folder):
    box.search("caching", "memcache")


def cache_page(folder):
    box.search("caching", "memcache")


def run_later(done):
    """BackgroundTasks, in the server’s own process"""
    app = FastAPI()

    async def write():
        await asyncio.sleep(0.5)
        done.touch()

    @app.get("/")
    async def accept(tasks: BackgroundTasks):
        tasks.add_task(write)
        return "accepted"

    box.expect(calling.ask_and_leave(app, "/"), "the answer waited for the task")
