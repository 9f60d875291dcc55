"""FastAPI, as its tutorial begins, with the packages that it names for what it leaves to them."""

from comparison.experiments.spec import Adapter

FASTAPI = "fastapi==0.165.0"
FORMS = "python-multipart==0.0.34"
TEMPLATES = "Jinja2==3.1.6"
SESSIONS = "itsdangerous==2.2.0"
PROTECTED_FORMS = "fastapi-csrf-protect==1.0.7"
MAPPER = ("sqlmodel==0.0.50", "SQLAlchemy==2.1.9")
SERVER = "uvicorn==0.54.0"

ADAPTER = Adapter(
    slug="fastapi",
    name="FastAPI",
    package="fastapi",
    requirements={
        "clean": (FASTAPI,),
        "async": (FASTAPI,),
        "extras": (FASTAPI, FORMS, TEMPLATES),
        "features": (FASTAPI, SESSIONS, PROTECTED_FORMS),
        "jinja": (FASTAPI, TEMPLATES),
        "mapper": (FASTAPI, TEMPLATES, *MAPPER),
        "server": (FASTAPI, SERVER),
        "small": (
            *(FASTAPI, FORMS, TEMPLATES, SESSIONS, PROTECTED_FORMS, *MAPPER, SERVER),
            "SQLAlchemy[asyncio]==2.1.9",
            *("pwdlib[argon2]==0.3.1", "sqladmin==0.32.0"),
        ),
    },
    constraints=(
        "MarkupSafe==3.0.4",
        "WTForms==3.2.2",
        "annotated-doc==0.0.7",
        "annotated-types==0.8.0",
        "anyio==4.16.0",
        "argon2-cffi==25.1.0",
        "argon2-cffi-bindings==26.2.0",
        "cffi==2.1.1",
        "click==8.5.1",
        "greenlet==3.5.6",
        "h11==0.16.0",
        "idna==3.20",
        "opentelemetry-api==1.45.2",
        "pycparser==3.12",
        "pydantic==2.14.4",
        "pydantic-settings==2.16.3",
        "pydantic_core==2.50.5",
        "python-dotenv==1.2.4",
        "starlette==1.10.0",
        "typing-inspection==0.4.5",
        "typing_extensions==4.16.0",
    ),
    interface="asgi",
)
