"""SQLAlchemy, in views that run in a thread because they are not asynchronous"""

import random
from operator import attrgetter
from pathlib import Path

from quart import Quart, jsonify, render_template, request
from quart.utils import run_sync
from sqlalchemy import create_engine, event, select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, sessionmaker

from comparison.experiments.techempower import DATABASE

application = Quart(__name__, static_folder=None)
engine = create_engine(f"sqlite:///{Path(DATABASE).absolute()}")
Session = sessionmaker(engine)


@event.listens_for(engine, "connect")
def write_in_time(connection, record):
    connection.execute("PRAGMA synchronous = NORMAL")


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


def random_ids():
    count = request.args.get("queries", 1, type=int)
    return sorted(random.sample(range(1, 10001), count))


@application.get("/db")
def single_query():
    with Session() as session:
        world = session.get_one(World, random.randint(1, 10000))
        return world.as_dict()


@application.get("/queries")
def several_queries():
    with Session() as session:
        worlds = [session.get_one(World, pk) for pk in random_ids()]
        return jsonify([world.as_dict() for world in worlds])


@application.get("/rows")
def hundred_rows():
    with Session() as session:
        worlds = session.scalars(select(World).order_by(World.id).limit(100))
        return jsonify([world.as_dict() for world in worlds])


def read_fortunes():
    with Session() as session:
        return list(session.scalars(select(Fortune)))


@application.get("/fortunes")
async def fortunes():
    rows = await run_sync(read_fortunes)()
    rows.append(Fortune(id=0, message="Additional fortune added at request time."))
    rows.sort(key=attrgetter("message"))
    return await render_template("fortunes.html", fortunes=rows)


@application.get("/updates")
def updates():
    with Session() as session:
        worlds = [session.get_one(World, pk) for pk in random_ids()]
        for world in worlds:
            world.random_number = random.randint(1, 10000)
        answer = [world.as_dict() for world in worlds]
        session.commit()
    return jsonify(answer)
