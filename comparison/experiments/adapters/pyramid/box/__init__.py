"""How the tasks of the experiments in `programs/box` are done with the framework."""

from pyramid.config import Configurator


def application(views, include=lambda config: None, **options):
    """Each view at the path that it is given for."""
    with Configurator(**options) as config:
        include(config)
        for number, (path, view) in enumerate(views.items()):
            config.add_route(f"route-{number}", path)
            config.add_view(view, route_name=f"route-{number}")
        return config.make_wsgi_app()
