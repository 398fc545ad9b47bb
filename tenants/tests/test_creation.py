"""Test databases go although PostgreSQL's own housekeeping looks at them."""

import pytest
from django.db import ProgrammingError
from psycopg.errors import InsufficientPrivilege, UndefinedTable

from tenants.db.creation import drop


class Cursor:
    """Refuses as often as it is told."""

    def __init__(self, *refusals):
        self.refusals, self.asked = list(refusals), []

    def execute(self, statement):
        self.asked.append(statement)
        if self.refusals:
            raise ProgrammingError from self.refusals.pop(0)


def test_a_database_goes_once_autovacuum_has_left_it():
    cursor = Cursor(InsufficientPrivilege(), InsufficientPrivilege())

    drop(cursor, "test_x", pause=0)

    assert cursor.asked == ['DROP DATABASE IF EXISTS "test_x" WITH (FORCE)'] * 3


@pytest.mark.parametrize(
    ("refusals", "tries"),
    [([UndefinedTable()], 1), ([InsufficientPrivilege()] * 50, 40)],
    ids=("another reason", "for ever"),
)
def test_what_stays_refused_is_said(refusals, tries):
    cursor = Cursor(*refusals)

    with pytest.raises(ProgrammingError):
        drop(cursor, "test_x", pause=0)

    assert len(cursor.asked) == tries
