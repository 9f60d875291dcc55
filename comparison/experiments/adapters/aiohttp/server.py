"""The framework's own server."""

from aiohttp import web


def serve(application, port):
    web.run_app(application, host="127.0.0.1", port=port, print=None)
