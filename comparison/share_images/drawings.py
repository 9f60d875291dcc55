"""What pages show of themselves where their address is shared: the answer at a glance, as a picture."""

from collections.abc import Sequence
from dataclasses import dataclass

from comparison.evidence import Kind, State, Verdict
from comparison.files.exports.tables import short_verdict
from comparison.models import Criterion, Edition, Framework
from comparison.recommendation.ranking import Ranking
from comparison.row_outcomes import RowResult, positions
from comparison.share_images.canvas import (
    HEIGHT,
    INK,
    LINE,
    MARGIN,
    QUIET,
    ROOM,
    WIDTH,
    Canvas,
    drawable_name,
    drawable_sentence,
    fitted,
    shares,
    text_width,
)
from comparison.tables.table import Cell, Row, Table
from comparison.wording import join_shortened, position_band

MAX_HEADS = 5  # frameworks with a column or a line of their own
FOR, AGAINST, EVEN, DOUBT, UNKNOWN = "#0c6656", "#9f3714", "#1c4c9c", "#b26b00", "#84807a"
TEXT_SIZE, SMALL_SIZE = 30, 24
LINE_HEIGHT = 54


@dataclass(frozen=True)
class Imprint:
    """What stands at the foot of every picture."""

    site_name: str
    edition: Edition

    def draw(self, canvas: Canvas) -> None:
        at, y = self.edition.at, HEIGHT - MARGIN + 8
        canvas.text(MARGIN, y, f"Edition {self.edition.number}, {at.day} {at:%B %Y}", SMALL_SIZE, QUIET, anchor="ls")
        name = fitted(drawable_sentence(self.site_name), SMALL_SIZE, ROOM / 2, is_bold=True)
        canvas.text(WIDTH - MARGIN, y, name, SMALL_SIZE, INK, is_bold=True, anchor="rs")


@dataclass(frozen=True, slots=True)
class Count:
    number: int
    words: str
    colour: str


def site_image(imprint: Imprint, sentence: str) -> bytes:
    canvas = Canvas()
    y = canvas.title(drawable_sentence(imprint.site_name), y=190)
    canvas.paragraph(y + 24, sentence, TEXT_SIZE + 4, 3)
    imprint.draw(canvas)
    return canvas.png()


def comparison_image(table: Table, imprint: Imprint) -> bytes:
    """The head of the table with who leads how many rows (of many columns those that lead most), and how rows end."""
    canvas = Canvas()
    heads = [(_name(framework), len(table.led_by(framework))) for framework in table.frameworks]
    if len(heads) > MAX_HEADS:
        heads.sort(key=lambda head: -head[1])
    names = [name for name, _ in heads]
    canvas.title(" vs ".join(names), join_shortened(names, MAX_HEADS))
    _draw_heads(canvas, heads)
    _draw_counts(canvas, outcome_counts(table.rows), 340)
    imprint.draw(canvas)
    return canvas.png()


def outcome_counts(rows: Sequence[Row]) -> list[Count]:
    """How many rows end how."""

    def ended(result: RowResult) -> int:
        return sum(row.outcome.result is result for row in rows)

    return _counted(
        Count(ended(RowResult.LEAD), "led by one", FOR),
        Count(ended(RowResult.EVEN), "even", EVEN),
        Count(ended(RowResult.UNSETTLED), "unsettled", DOUBT),
        Count(ended(RowResult.UNRANKED), "not ranked", LINE),
    )


def framework_image(framework: Framework, table: Table, imprint: Imprint) -> bytes:
    """How many verdicts on it are of which sort."""
    canvas = Canvas()
    y = canvas.title(_name(framework))
    canvas.paragraph(y + 8, drawable_sentence(framework.tagline), TEXT_SIZE, 3)
    verdicts = [row.cells[0].verdict for row in table.rows]
    _draw_counts(canvas, verdict_counts(verdicts, len(table.uncited)), 340)
    imprint.draw(canvas)
    return canvas.png()


def verdict_counts(verdicts: Sequence[Verdict], uncited: int) -> list[Count]:
    known = [verdict for verdict in verdicts if verdict.is_known]
    facts = sum(verdict.kind in (Kind.FIGURE, Kind.LIST) for verdict in known)
    opinions = [verdict for verdict in known if verdict.kind not in (Kind.FIGURE, Kind.LIST)]
    disputed = sum(verdict.state is State.DISPUTED for verdict in opinions)
    bands = [position_band(row.position or 0.0) for row in opinions if row.state is not State.DISPUTED]
    unknown = sum(verdict.state is State.NO_EVIDENCE for verdict in verdicts)
    return _counted(
        Count(sum(band < 2 for band in bands), "favourable", FOR),
        Count(bands.count(2), "in between", EVEN),
        Count(sum(band > 2 for band in bands), "unfavourable", AGAINST),
        Count(disputed, "disputed", DOUBT),
        Count(facts, "figures and lists", QUIET),
        Count(unknown + uncited, "without evidence", LINE),
    )


def _counted(*counts: Count) -> list[Count]:
    return [count for count in counts if count.number]


def criterion_image(criterion: Criterion, row: Row | None, imprint: Imprint) -> bytes:
    """The question, and the verdict on each framework."""
    canvas = Canvas()
    canvas.text(MARGIN, MARGIN, drawable_name(criterion.name, criterion.slug), TEXT_SIZE, QUIET)
    y = canvas.title(drawable_sentence(criterion.question or criterion.name), y=MARGIN + 48)
    y = max(y + 24, 230)
    canvas.line(y - 12)
    cells = _by_position(row) if row else []
    for cell, position in cells[:MAX_HEADS]:
        _draw_verdict(canvas, y, cell, position, criterion.unit)
        y += LINE_HEIGHT
    _draw_rest(canvas, y, len(cells) - MAX_HEADS)
    if not any(cell.verdict.is_known for cell, _ in cells):
        canvas.text(MARGIN, HEIGHT - 2 * MARGIN - 24, "No evidence yet.", TEXT_SIZE, QUIET)
    imprint.draw(canvas)
    return canvas.png()


def _by_position(row: Row) -> list[tuple[Cell, float | None]]:
    """The cells, the best first and the unknown ones last."""
    stand = positions((cell.verdict for cell in row.cells), bool(row.criterion.lower_is_better))
    cells = list(zip(row.cells, stand, strict=True))
    return sorted(cells, key=lambda pair: (not pair[0].verdict.is_known, -(pair[1] or 0.0)))


def _draw_verdict(canvas: Canvas, y: float, cell: Cell, position: float | None, unit: str) -> None:
    """The name, a line from −1 to +1 with a dot, and the words."""
    canvas.text(MARGIN, y, fitted(_name(cell.framework), TEXT_SIZE, 300), TEXT_SIZE)
    left, right, middle = 400, 600, y + 20
    if position is not None and cell.verdict.is_known:
        canvas.box(left, middle - 1, right, middle + 1, LINE)
        canvas.dot(left + (right - left) * (position + 1) / 2, middle, 11, _colour(cell.verdict, position))
    words = drawable_sentence(short_verdict(cell, unit))
    colour = INK if cell.verdict.is_known else QUIET
    canvas.text(640, y + 3, fitted(words, TEXT_SIZE - 4, WIDTH - MARGIN - 640), TEXT_SIZE - 4, colour)


def _colour(verdict: Verdict, position: float) -> str:
    if verdict.state is State.DISPUTED:
        return DOUBT
    return (FOR, FOR, EVEN, AGAINST, AGAINST)[position_band(position)]


def answer_image(about: str, headline: str, sentence: str, ranking: Ranking, imprint: Imprint) -> bytes:
    """Who comes first, how firmly, and the scores; `about` is what is asked for."""
    canvas = Canvas()
    canvas.text(MARGIN, MARGIN - 8, fitted(drawable_sentence(about), TEXT_SIZE, ROOM), TEXT_SIZE, QUIET)
    y = canvas.title(drawable_sentence(headline), y=MARGIN + 40)
    y = max(canvas.paragraph(y, drawable_sentence(sentence), SMALL_SIZE + 2, 3) + 20, 260)
    rows, scores = ranking.rows()[:MAX_HEADS], [row.score for row in ranking.scores[:MAX_HEADS]]
    low, high = min([0.0, *scores]), max([0.0, *scores])
    left, room = 420.0, WIDTH - MARGIN - 420 - 130
    zero = left - room * low / (high - low) if high > low else left
    for row, ranked, score in zip(rows, ranking.scores, scores, strict=False):
        name = fitted(drawable_name(row.name, ranked.framework), TEXT_SIZE, left - MARGIN - 24)
        canvas.text(MARGIN, y, name, TEXT_SIZE, QUIET if row.ruled_out else INK)
        end = zero + room * score / (high - low) if high > low else zero
        colour = UNKNOWN if row.ruled_out else FOR if ranked.framework == ranking.leader else EVEN
        canvas.box(min(zero, end), y + 6, max(zero, end), y + 34, colour)
        canvas.text(max(zero, end) + 12, y, row.score, TEXT_SIZE, QUIET)
        y += LINE_HEIGHT - 8
    _draw_rest(canvas, y, len(ranking.scores) - MAX_HEADS)
    imprint.draw(canvas)
    return canvas.png()


def _name(framework: Framework) -> str:
    return drawable_name(framework.name, framework.slug)


def _draw_rest(canvas: Canvas, y: float, more: int) -> None:
    if more > 0:
        canvas.text(MARGIN, y, f"and {more} more", SMALL_SIZE, QUIET)


def _draw_heads(canvas: Canvas, heads: Sequence[tuple[str, int]]) -> None:
    """The columns side by side: the name of each and how many rows it leads."""
    more = len(heads) - MAX_HEADS
    room = ROOM / (min(len(heads), MAX_HEADS) + (more > 0))
    canvas.line(190, INK, 3)
    for index, (name, leads) in enumerate(heads[:MAX_HEADS]):
        x = MARGIN + index * room
        canvas.text(x, 208, fitted(name, TEXT_SIZE, room - 16), TEXT_SIZE)
        canvas.text(x, 252, f"leads {leads}", SMALL_SIZE, QUIET)
    if more > 0:
        canvas.text(MARGIN + MAX_HEADS * room, 208, f"and {more} more", SMALL_SIZE, QUIET)
    canvas.line(300)


def _draw_counts(canvas: Canvas, counts: Sequence[Count], y: float) -> None:
    """One bar in proportion, and below it the numbers in words."""
    x = float(MARGIN)
    for count, length in zip(counts, shares(ROOM, [count.number for count in counts]), strict=True):
        canvas.box(x, y, x + length - 3, y + 50, count.colour)
        x += length
    x, y = float(MARGIN), y + 78
    for count in counts:
        text = f"{count.number} {count.words}"
        room = text_width(text, TEXT_SIZE) + 34
        if x > MARGIN and x + room > WIDTH - MARGIN:
            x, y = float(MARGIN), y + 48
        canvas.box(x, y + 7, x + 22, y + 29, count.colour)
        canvas.text(x + 34, y, text, TEXT_SIZE)
        x += room + 40
