"""SQLAlchemy’s asyncio extension with aiosqlite, which hands each call to a thread"""

import random
from operator import attrgetter
from pathlib import Path

from quart import Quart, jsonify, render_template, request
from sqlalchemy import event, select
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from comparison.experiments.techempower import DATABASE

application = Quart(__name__, static_folder=None)
engine = create_async_engine(f"sqlite+aiosqlite:///{Path(DATABASE).absolute()}")
Session = async_sessionmaker(engine)


@event.listens_for(engine.sync_engine, "connect")
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
async def single_query():
    async with Session() as session:
        world = await session.get_one(World, random.randint(1, 10000))
        return world.as_dict()


@application.get("/queries")
async def several_queries():
    async with Session() as session:
        worlds = [await session.get_one(World, pk) for pk in random_ids()]
        return jsonify([world.as_dict() for world in worlds])


@application.get("/rows")
async def hundred_rows():
    async with Session() as session:
        worlds = await session.scalars(select(World).order_by(World.id).limit(100))
        return jsonify([world.as_dict() for world in worlds])


@application.get("/fortunes")
async def fortunes():
    async with Session() as session:
        rows = list(await session.scalars(select(Fortune)))
    rows.append(Fortune(id=0, message="Additional fortune added at request time."))
    rows.sort(key=attrgetter("message"))
    return await render_template("fortunes.html", fortunes=rows)


@application.get("/updates")
async def updates():
    async with Session() as session:
        worlds = [await session.get_one(World, pk) for pk in random_ids()]
        for world in worlds:
            world.random_number = random.randint(1, 10000)
        answer = [world.as_dict() for world in worlds]
        await session.commit()
    return jsonify(answer)
