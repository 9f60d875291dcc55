"""Quart, as its quickstart begins, with extensions made for it and SQLAlchemy’s asyncio extension."""

from comparison.experiments.spec import Adapter

QUART = "quart==0.22.0"
LOGIN_AND_FORMS = ("quart-auth==0.12.0", "Quart-WTForms==1.0.3")
MAPPER = ("SQLAlchemy[asyncio]==2.1.9", "aiosqlite==0.22.1")
SERVER = "uvicorn==0.54.0"

ADAPTER = Adapter(
    slug="quart",
    name="Quart",
    package="quart",
    requirements={
        "clean": (QUART,),
        "async": (QUART,),
        "features": (QUART, *LOGIN_AND_FORMS),
        "mapper": (QUART, "SQLAlchemy==2.1.9"),
        "server": (QUART, SERVER),
        "small": (QUART, *LOGIN_AND_FORMS, *MAPPER, SERVER),
    },
    constraints=(
        "Flask==3.1.3",
        "Hypercorn==0.18.0",
        "Jinja2==3.1.6",
        "MarkupSafe==3.0.4",
        "WTForms==3.3.2",
        "Werkzeug==3.1.9",
        "aiofiles==25.1.0",
        "blinker==1.9.0",
        "click==8.5.1",
        "greenlet==3.5.6",
        "h11==0.16.0",
        "h2==4.4.1",
        "hpack==4.2.0",
        "hyperframe==6.1.0",
        "itsdangerous==2.2.0",
        "priority==2.0.0",
        "quart-uploads==0.0.4",
        "types-aiofiles==25.1.0.20261107",
        "typing_extensions==4.16.0",
        "wsproto==1.3.2",
    ),
    interface="asgi",
)
