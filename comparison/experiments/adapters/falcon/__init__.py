"""Falcon, as its tutorial begins, with the libraries that its users take where it leaves a thing to them."""

from comparison.experiments.spec import Adapter

FALCON = "falcon==4.4.0"
SESSIONS = "Beaker==1.14.1"
TEMPLATES = "Jinja2==3.1.6"
MAPPER = (FALCON, "SQLAlchemy==2.1.9", TEMPLATES)

ADAPTER = Adapter(
    slug="falcon",
    name="Falcon",
    package="falcon",
    requirements={
        "clean": (FALCON,),
        "async": (FALCON,),
        "extras": (FALCON, TEMPLATES),
        "features": (FALCON, SESSIONS),
        "mapper": MAPPER,
        "server": (FALCON, "gunicorn==27.0.1"),
        "small": (*MAPPER, SESSIONS, "WTForms==3.3.2", "bcrypt==5.0.0"),
    },
    constraints=("MarkupSafe==3.0.4", "packaging==26.0", "typing_extensions==4.16.0"),
)
