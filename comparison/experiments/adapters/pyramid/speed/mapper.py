"""SQLAlchemy, with pyramid_tm and zope.sqlalchemy"""

import random
from operator import attrgetter

import zope.sqlalchemy
from pyramid.config import Configurator
from sqlalchemy import create_engine, event, select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, sessionmaker

from comparison.experiments.techempower import DATABASE


class Base(DeclarativeBase):
    pass


class World(Base):
    __tablename__ = "World"

    id: Mapped[int] = mapped_column(primary_key=True)
    random_number: Mapped[int] = mapped_column("randomNumber")

    def as_dict(self):
        return {"id": self.id, "randomNumber": self.random_number}


class Fortune(Base):
    __tablename__ = "Fortune"

    id: Mapped[int] = mapped_column(primary_key=True)
    message: Mapped[str]


engine = create_engine(f"sqlite:///{DATABASE}")
open_session = sessionmaker(engine)


@event.listens_for(engine, "connect")
def write_in_time(connection, record):
    connection.execute("PRAGMA synchronous = NORMAL")


def dbsession(request):
    session = open_session()
    zope.sqlalchemy.register(session, transaction_manager=request.tm)
    return session


def random_ids(request):
    count = int(request.GET.get("queries", 1))
    return sorted(random.sample(range(1, 10001), count))


def single_query(request):
    return request.dbsession.get_one(World, random.randint(1, 10000)).as_dict()


def several_queries(request):
    worlds = [request.dbsession.get_one(World, pk) for pk in random_ids(request)]
    return [world.as_dict() for world in worlds]


def hundred_rows(request):
    worlds = request.dbsession.scalars(select(World).order_by(World.id).limit(100))
    return [world.as_dict() for world in worlds]


def fortunes(request):
    rows = list(request.dbsession.scalars(select(Fortune)))
    rows.append(Fortune(id=0, message="Additional fortune added at request time."))
    rows.sort(key=attrgetter("message"))
    return {"fortunes": rows}


def updates(request):
    worlds = [request.dbsession.get_one(World, pk) for pk in random_ids(request)]
    for world in worlds:
        world.random_number = random.randint(1, 10000)
    return [world.as_dict() for world in worlds]


VIEWS = {"db": single_query, "queries": several_queries, "rows": hundred_rows, "updates": updates}

with Configurator(settings={"tm.manager_hook": "pyramid_tm.explicit_manager"}) as config:
    config.include("pyramid_jinja2")
    config.include("pyramid_tm")
    config.add_jinja2_renderer(".html")
    config.add_request_method(dbsession, reify=True)
    for name, view in VIEWS.items():
        config.add_route(name, f"/{name}")
        config.add_view(view, route_name=name, renderer="json")
    config.add_route("fortunes", "/fortunes")
    config.add_view(fortunes, route_name="fortunes", renderer="templates/fortunes.html")
    application = config.make_wsgi_app()
