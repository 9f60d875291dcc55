"""Tornado, as its guide begins, with the libraries that its users take along for databases and forms."""

from comparison.experiments.spec import Adapter

TORNADO = "tornado==6.6.1"
MAPPER = (TORNADO, "SQLAlchemy==2.1.9")

ADAPTER = Adapter(
    slug="tornado",
    name="Tornado",
    package="tornado",
    requirements={
        "clean": (TORNADO,),
        "async": (TORNADO,),
        "features": (TORNADO,),
        "mapper": MAPPER,
        "server": (TORNADO,),
        "small": (*MAPPER, "aiosqlite==0.22.1", "greenlet==3.5.6", "wtforms-tornado==0.1.0", "bcrypt==5.0.0"),
    },
    constraints=("MarkupSafe==3.0.4", "WTForms==3.3.2", "typing_extensions==4.16.0"),
    interface=f"{__name__}.interface",
)
