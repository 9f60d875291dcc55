"""Starlette, as its documentation begins, with the packages that it names for what it leaves to them."""

from comparison.experiments.spec import Adapter

STARLETTE = "starlette==1.10.0"
FORMS = "python-multipart==0.0.34"
TEMPLATES = "Jinja2==3.1.6"
SESSIONS = "itsdangerous==2.2.0"
PROTECTED_FORMS = "Starlette-WTF==0.5.0"
MAPPER = ("SQLAlchemy[asyncio]==2.1.9", "aiosqlite==0.22.1")
SERVER = "uvicorn==0.54.0"

ADAPTER = Adapter(
    slug="starlette",
    name="Starlette",
    package="starlette",
    requirements={
        "clean": (STARLETTE,),
        "async": (STARLETTE,),
        "extras": (STARLETTE, FORMS, TEMPLATES),
        "features": (STARLETTE, FORMS, SESSIONS, PROTECTED_FORMS),
        "jinja": (STARLETTE, TEMPLATES),
        "mapper": (STARLETTE, TEMPLATES, "SQLAlchemy==2.1.9"),
        "server": (STARLETTE, SERVER),
        "small": (
            *(STARLETTE, FORMS, TEMPLATES, SESSIONS, PROTECTED_FORMS, *MAPPER, SERVER),
            *("pwdlib[argon2]==0.3.1", "sqladmin==0.32.0"),
        ),
    },
    constraints=(
        "MarkupSafe==3.0.4",
        "WTForms==3.2.2",
        "anyio==4.16.0",
        "argon2-cffi==25.1.0",
        "argon2-cffi-bindings==26.2.0",
        "cffi==2.1.1",
        "click==8.5.1",
        "greenlet==3.5.6",
        "h11==0.16.0",
        "idna==3.20",
        "pycparser==3.12",
        "typing_extensions==4.16.0",
    ),
    interface="asgi",
)
