"""SQLAlchemy through Advanced Alchemy, in a thread by sync_to_thread"""

import random
from operator import attrgetter
from pathlib import Path

from advanced_alchemy.extensions.litestar import SQLAlchemyPlugin, SQLAlchemySyncConfig, SyncSessionConfig, base
from litestar import Litestar, get
from litestar.plugins.jinja import JinjaTemplateEngine
from litestar.response import Template
from litestar.template.config import TemplateConfig
from sqlalchemy import event, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from comparison.experiments.techempower import DATABASE

config = SQLAlchemySyncConfig(
    connection_string=f"sqlite:///{Path(DATABASE).absolute()}",
    session_config=SyncSessionConfig(expire_on_commit=False),
)


@event.listens_for(config.get_engine(), "connect")
def write_in_time(connection, record):
    connection.execute("PRAGMA synchronous = NORMAL")


class World(base.DefaultBase):
    __tablename__ = "World"

    id: Mapped[int] = mapped_column(primary_key=True)
    randomNumber: Mapped[int]  # noqa: N815 - the answer’s name of it


class Fortune(base.DefaultBase):
    __tablename__ = "Fortune"

    id: Mapped[int] = mapped_column(primary_key=True)
    message: Mapped[str]


def random_ids(count):
    return sorted(random.sample(range(1, 10001), count))


@get("/db", sync_to_thread=True)
def single_query(db_session: Session) -> World:
    return db_session.get_one(World, random.randint(1, 10000))


@get("/queries", sync_to_thread=True)
def several_queries(db_session: Session, queries: int = 1) -> list[World]:
    return [db_session.get_one(World, pk) for pk in random_ids(queries)]


@get("/rows", sync_to_thread=True)
def hundred_rows(db_session: Session) -> list[World]:
    return list(db_session.scalars(select(World).order_by(World.id).limit(100)))


@get("/fortunes", sync_to_thread=True)
def fortunes(db_session: Session) -> Template:
    rows = list(db_session.scalars(select(Fortune)))
    rows.append(Fortune(id=0, message="Additional fortune added at request time."))
    rows.sort(key=attrgetter("message"))
    return Template("fortunes.html", context={"fortunes": rows})


@get("/updates", sync_to_thread=True)
def updates(db_session: Session, queries: int = 1) -> list[World]:
    worlds = [db_session.get_one(World, pk) for pk in random_ids(queries)]
    for world in worlds:
        world.randomNumber = random.randint(1, 10000)
    db_session.commit()
    return worlds


application = Litestar(
    [single_query, several_queries, hundred_rows, fortunes, updates],
    openapi_config=None,
    plugins=[SQLAlchemyPlugin(config=config)],
    template_config=TemplateConfig(directory=Path(__file__).parent / "templates", engine=JinjaTemplateEngine),
)
application.state.update(config.create_app_state_items())  # as at the start of a server, which is missing here
