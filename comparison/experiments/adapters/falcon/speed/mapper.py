"""SQLAlchemy"""

import random
from operator import attrgetter

import falcon
from sqlalchemy import create_engine, event, select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, sessionmaker

from comparison.experiments.techempower import DATABASE

from .pages import render


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


def random_ids(req):
    count = req.get_param_as_int("queries", default=1)
    return sorted(random.sample(range(1, 10001), count))


class SingleQuery:
    def on_get(self, req, resp):
        with open_session() as session:
            resp.media = session.get_one(World, random.randint(1, 10000)).as_dict()


class SeveralQueries:
    def on_get(self, req, resp):
        with open_session() as session:
            worlds = [session.get_one(World, pk) for pk in random_ids(req)]
            resp.media = [world.as_dict() for world in worlds]


class HundredRows:
    def on_get(self, req, resp):
        with open_session() as session:
            worlds = session.scalars(select(World).order_by(World.id).limit(100))
            resp.media = [world.as_dict() for world in worlds]


class Fortunes:
    def on_get(self, req, resp):
        with open_session() as session:
            rows = list(session.scalars(select(Fortune)))
            rows.append(Fortune(id=0, message="Additional fortune added at request time."))
            rows.sort(key=attrgetter("message"))
            render(resp, "fortunes.html", fortunes=rows)


class Updates:
    def on_get(self, req, resp):
        with open_session.begin() as session:
            worlds = [session.get_one(World, pk) for pk in random_ids(req)]
            for world in worlds:
                world.random_number = random.randint(1, 10000)
            resp.media = [world.as_dict() for world in worlds]


application = falcon.App()
application.add_route("/db", SingleQuery())
application.add_route("/queries", SeveralQueries())
application.add_route("/rows", HundredRows())
application.add_route("/fortunes", Fortunes())
application.add_route("/updates", Updates())
