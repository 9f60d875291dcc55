"""Pyramid, as its documentation begins, with the add-ons that its tutorials and cookiecutter take."""

from comparison.experiments.spec import Adapter

PYRAMID = "pyramid==2.1"
TEMPLATES = "pyramid-jinja2==2.10.1"
MAPPER = (PYRAMID, TEMPLATES, "pyramid-tm==2.6", "zope.sqlalchemy==4.1", "SQLAlchemy==2.1.9")

ADAPTER = Adapter(
    slug="pyramid",
    name="Pyramid",
    package="pyramid",
    requirements={
        "clean": (PYRAMID,),
        "async": (PYRAMID,),
        "extras": (PYRAMID, TEMPLATES),
        "features": (PYRAMID,),
        "jinja": (PYRAMID, TEMPLATES),
        "mapper": MAPPER,
        "server": (PYRAMID, "gunicorn==27.0.1"),
        "small": (*MAPPER, "deform==3.0.1", "bcrypt==5.0.0"),
    },
    constraints=(
        "Chameleon==4.6.0",
        "Jinja2==3.1.6",
        "MarkupSafe==3.0.4",
        "PasteDeploy==3.1.0",
        "WebOb==1.8.11",
        "colander==2.0",
        "hupper==1.12.1",
        "iso8601==2.1.0",
        "packaging==26.0",
        "peppercorn==0.6",
        "plaster==1.1.2",
        "plaster-pastedeploy==1.0.1",
        "setuptools==80.10.2",
        "transaction==5.1",
        "translationstring==1.4",
        "typing_extensions==4.16.0",
        "venusian==3.1.1",
        "zope.deprecation==6.0",
        "zope.interface==8.7",
    ),
)
