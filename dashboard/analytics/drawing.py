"""The geometry of charts, pure: values in, places of bars, lines and words out; templates draw them."""

from dataclasses import dataclass
from math import ceil, floor, log10

WIDTH, HEIGHT = 480, 220
LEFT, RIGHT, TOP, BOTTOM = 58, 10, 12, 30
MOST_TICKS = 4
#: Words below the bars: so many at most on a wide screen, so many on a narrow one.
MOST_LABELS, MOST_MAIN_LABELS = 8, 4
GAP = 0.28
WIDEST = 48


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a bar before it has a place: `name` says which, `words` what it stands for."""

    name: str
    value: int
    words: str


@dataclass(frozen=True, slots=True)
class Bar:
    name: str
    words: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Tick:
    y: float
    value: int


@dataclass(frozen=True, slots=True)
class Label:
    """Words below a bar; a minor one is left out on a narrow screen."""

    x: float
    text: str
    is_minor: bool


@dataclass(frozen=True, slots=True)
class Drawing:
    bars: list
    ticks: list
    labels: list
    zero: float
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    words_y: int = HEIGHT - 10


def bars(stacks, labels, *, least=1):
    """A Drawing of one bar a stack, its parts upon each other; parts below nothing hang from the line of zero.

    `least` is the smallest distance of two lines behind the bars.
    """
    high = max((sum(max(part.value, 0) for part in stack) for stack in stacks), default=0)
    low = min((sum(min(part.value, 0) for part in stack) for stack in stacks), default=0)
    step = nice_step(high - low, least)
    top, bottom = max(ceil(high / step), 1 if low == 0 else 0) * step, floor(low / step) * step

    def y_of(value):
        return round(TOP + (top - value) / (top - bottom) * (HEIGHT - TOP - BOTTOM), 2)

    room = (WIDTH - LEFT - RIGHT) / max(len(stacks), 1)
    width = min(room * (1 - GAP), WIDEST)
    placed = [
        bar
        for number, stack in enumerate(stacks)
        for bar in _stacked(stack, LEFT + room * (number + 0.5) - width / 2, width, y_of)
    ]
    lines = range(bottom, top + 1, step)
    return Drawing(placed, [Tick(y_of(value), value) for value in lines], _labels(labels, room), y_of(0))


def nice_step(span, least=1):
    """1, 2 or 5 times a power of ten, so that a few of it make up `span`."""
    rough = max(span / MOST_TICKS, least)
    power = 10 ** floor(log10(rough))
    return max(int(next(n * power for n in (1, 2, 5, 10) if n * power >= rough * 0.999)), least)


def _stacked(stack, x, width, y_of):
    above = below = 0
    for part in stack:
        if part.value > 0:
            low, high = above, above + part.value
            above = high
        elif part.value < 0:
            low, high = below + part.value, below
            below = low
        else:
            continue
        y = y_of(high)
        yield Bar(part.name, part.words, round(x, 2), y, round(width, 2), round(y_of(low) - y, 2))


def _labels(texts, room):
    every, main = (max(ceil(len(texts) / most), 1) for most in (MOST_LABELS, MOST_MAIN_LABELS))
    main = ceil(main / every) * every
    return [
        Label(round(LEFT + room * (number + 0.5), 2), text, number % main != 0)
        for number, text in enumerate(texts)
        if number % every == 0
    ]
