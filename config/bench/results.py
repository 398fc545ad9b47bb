"""A measured figure with its aim, and how figures are shown."""

import json
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Result:
    """One figure. Without an aim it only informs; with both bounds equal it must be exact."""

    name: str
    value: float
    unit: str
    at_most: float | None = None
    at_least: float | None = None

    @property
    def met(self):
        """Whether the aim is met; None where there is none."""
        if self.at_most is None and self.at_least is None:
            return None
        return (self.at_most is None or self.value <= self.at_most) and (
            self.at_least is None or self.value >= self.at_least
        )

    @property
    def aim(self):
        if self.at_most is not None and self.at_most == self.at_least:
            return f"= {shown(self.at_most)}"
        bounds = [("≤", self.at_most), ("≥", self.at_least)]
        return ", ".join(f"{sign} {shown(bound)}" for sign, bound in bounds if bound is not None)

    @property
    def verdict(self):
        return {None: "", True: "met", False: "UNMET"}[self.met]


def shown(value):
    """Three significant digits, and whole numbers whole."""
    return f"{value:,.0f}" if value == int(value) or abs(value) >= 100 else f"{value:.3g}"


def table(results):
    """The results as lines for a terminal."""
    rows = [("name", "value", "unit", "aim", "")]
    rows += [(result.name, shown(result.value), result.unit, result.aim, result.verdict) for result in results]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join(_line(row, widths) for row in rows)


def _line(row, widths):
    name, value, *rest = (
        cell.rjust(width) if column == 1 else cell.ljust(width)
        for column, (cell, width) in enumerate(zip(row, widths, strict=True))
    )
    return "  ".join([name, value, *rest]).rstrip()


def as_json(results):
    """The results for a program."""
    return json.dumps([asdict(result) | {"met": result.met} for result in results], indent=2, ensure_ascii=False)
