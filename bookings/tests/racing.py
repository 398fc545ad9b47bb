"""Many at one thing, at once; and whether two of them got the same."""

from config.testing_racing import at_once

__all__ = ["at_once", "overlaps"]


def overlaps(rows):
    """Pairs of rows that take the same person's, or the same chair's, same time."""
    rows = sorted(rows, key=lambda row: row.starts_at)
    return [
        (one, other)
        for index, one in enumerate(rows)
        for other in rows[index + 1 :]
        if (one.team_member_id, one.resource_id) == (other.team_member_id, other.resource_id)
        and one.ends_at > other.starts_at
    ]
