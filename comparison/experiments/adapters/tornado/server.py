"""The framework's own server."""

import asyncio


def serve(application, port):
    asyncio.run(listen(application, port))


async def listen(application, port):
    application.listen(port, address="127.0.0.1")
    await asyncio.Event().wait()
