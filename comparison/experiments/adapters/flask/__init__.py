"""Flask, as its quickstart begins, with the extensions that most of its users take."""

from comparison.experiments.spec import Adapter

FLASK = "Flask==3.1.3"
MAPPER = (FLASK, "Flask-SQLAlchemy==3.1.1", "SQLAlchemy==2.1.9")
LOGIN_AND_FORMS = ("Flask-Login==0.6.3", "Flask-WTF==1.3.0")

ADAPTER = Adapter(
    slug="flask",
    name="Flask",
    package="Flask",
    requirements={
        "clean": (FLASK,),
        "async": (FLASK.replace("Flask", "Flask[async]"),),
        "features": (FLASK, *LOGIN_AND_FORMS, "flask-talisman==1.1.0"),
        "mapper": MAPPER,
        "server": (FLASK, "gunicorn==27.0.1"),
        "small": (*MAPPER, *LOGIN_AND_FORMS, "Flask-Admin==2.2.1"),
    },
    constraints=(
        "asgiref==3.13.0",
        "Jinja2==3.1.6",
        "MarkupSafe==3.0.4",
        "WTForms==3.3.2",
        "Werkzeug==3.1.9",
        "blinker==1.9.0",
        "click==8.5.1",
        "itsdangerous==2.2.0",
        "packaging==26.0",
        "typing_extensions==4.16.0",
    ),
)
