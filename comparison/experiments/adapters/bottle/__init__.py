"""Bottle, as its tutorial begins, with the plugins and libraries that its documentation names."""

from comparison.experiments.spec import Adapter

BOTTLE = "bottle==0.13.4"
MAPPER = (BOTTLE, "bottle-sqlalchemy==0.4.3", "SQLAlchemy==2.1.9")
SESSIONS = "Beaker==1.14.1"

ADAPTER = Adapter(
    slug="bottle",
    name="Bottle",
    package="bottle",
    requirements={
        "clean": (BOTTLE,),
        "async": (BOTTLE,),
        "features": (BOTTLE, SESSIONS),
        "jinja": (BOTTLE, "Jinja2==3.1.6"),
        "mapper": MAPPER,
        "server": (BOTTLE, "gunicorn==27.0.1"),
        "small": (*MAPPER, SESSIONS, "WTForms==3.3.2", "bcrypt==5.0.0"),
    },
    constraints=("MarkupSafe==3.0.4", "packaging==26.0", "typing_extensions==4.16.0"),
)
