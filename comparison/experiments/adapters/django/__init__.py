"""Django, as its documentation starts a project."""

from comparison.experiments.spec import Adapter

DJANGO = "Django==5.2.19"

ADAPTER = Adapter(
    slug="django",
    name="Django",
    package="Django",
    requirements={
        "clean": (DJANGO,),
        "async": (DJANGO,),
        "features": (DJANGO,),
        "mapper": (DJANGO,),
        "jinja": (DJANGO, "Jinja2==3.1.6"),
        "server": (DJANGO, "gunicorn==27.0.1"),
        "small": (DJANGO,),
    },
    constraints=("asgiref==3.13.0", "MarkupSafe==3.0.4", "packaging==26.0", "sqlparse==0.6.1"),
)
