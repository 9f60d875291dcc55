"""Litestar, as its introduction begins, with the packages that its extras name for what it leaves to them."""

from comparison.experiments.spec import Adapter

LITESTAR = "litestar==2.25.0"
TEMPLATES = "Jinja2==3.1.6"
MAPPER = ("advanced-alchemy==1.12.0", "SQLAlchemy==2.1.9")
SERVER = "uvicorn==0.54.0"

ADAPTER = Adapter(
    slug="litestar",
    name="Litestar",
    package="litestar",
    requirements={
        "clean": (LITESTAR,),
        "async": (LITESTAR,),
        "extras": (LITESTAR, TEMPLATES),
        "features": (LITESTAR,),
        "jinja": (LITESTAR, TEMPLATES),
        "mapper": (LITESTAR, TEMPLATES, *MAPPER),
        "server": (LITESTAR, SERVER),
        "small": (
            *(LITESTAR, TEMPLATES, *MAPPER, SERVER),
            *("pwdlib[argon2]==0.3.1", "sqladmin-litestar-plugin==0.2.0", "sqladmin==0.32.0"),
        ),
    },
    constraints=(
        "Faker==40.63.0",
        "Mako==1.4.3",
        "MarkupSafe==3.0.4",
        "PyYAML==6.0.4",
        "Pygments==2.21.0",
        "WTForms==3.2.2",
        "alembic==1.20.1",
        "anyio==4.16.0",
        "argon2-cffi==25.1.0",
        "argon2-cffi-bindings==26.2.0",
        "certifi==2026.10.19.post1",
        "cffi==2.1.1",
        "click==8.5.1",
        "greenlet==3.5.6",
        "h11==0.16.0",
        "httpcore==1.0.9",
        "httpx==0.28.1",
        "idna==3.20",
        "litestar-htmx==0.5.0",
        "markdown-it-py==4.3.0",
        "mdurl==0.1.2",
        "msgspec==0.23.0",
        "multidict==7.2.1",
        "multipart==2.0.1",
        "polyfactory==3.5.0",
        "pycparser==3.12",
        "python-multipart==0.0.34",
        "rich==15.0.0",
        "rich-click==1.9.9",
        "sniffio==1.3.1",
        "starlette==1.10.0",
        "typing_extensions==4.16.0",
    ),
    interface="asgi",
)
