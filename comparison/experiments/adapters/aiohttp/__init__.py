"""aiohttp’s server part, as its quickstart begins, with the libraries that its documentation names."""

from comparison.experiments.spec import EXTRAS, Adapter

AIOHTTP = "aiohttp==3.14.5"
TEMPLATES = ("aiohttp-jinja2==1.6", "Jinja2==3.1.6")
SESSIONS = ("aiohttp-session==2.12.1", "cryptography==50.0.2", "aiohttp-security==0.5.0")
MAPPER = (AIOHTTP, *TEMPLATES, "SQLAlchemy==2.1.9")

ADAPTER = Adapter(
    slug="aiohttp",
    name="aiohttp",
    package="aiohttp",
    requirements={
        "clean": (AIOHTTP,),
        EXTRAS: (AIOHTTP, *TEMPLATES),
        "async": (AIOHTTP,),
        "features": (AIOHTTP, *SESSIONS),
        "jinja": (AIOHTTP, *TEMPLATES),
        "mapper": MAPPER,
        "server": (AIOHTTP,),
        "small": (*MAPPER, *SESSIONS, "aiosqlite==0.22.1", "greenlet==3.5.6", "WTForms==3.3.2", "bcrypt==5.0.0"),
    },
    constraints=(
        "MarkupSafe==3.0.4",
        "aiohappyeyeballs==2.7.1",
        "aiosignal==1.4.0",
        "attrs==26.1.0",
        "frozenlist==1.8.0",
        "idna==3.20",
        "multidict==7.2.1",
        "propcache==0.5.4",
        "typing_extensions==4.16.0",
        "yarl==1.25.1",
    ),
    interface=f"{__name__}.interface",
)
