"""The trail page by page: every entry once, from any place, whatever is added meanwhile."""

from datetime import UTC, date, datetime, timedelta
from hashlib import md5
from uuid import UUID

import pytest
from django.db import connection
from django_tenants.utils import tenant_context

from audit import actors, filters, queries
from audit.models import AuditEntry
from audit.services import record
from tenants.models import SupportAccess, User

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)


@pytest.fixture
def salon(rosa):
    with tenant_context(rosa):
        yield rosa


def written(salon, count, *, same_instant=False, action="booking.moved", actor=actors.SYSTEM):
    """Entries a minute apart, or all at once; oldest first."""
    step = timedelta(0 if same_instant else 1)
    return [
        record(actor=actor, action=action, subject=salon, at=NOON + number * step / 1440) for number in range(count)
    ]


def everything(size):
    """All entries by going from page to page: (the ids, and on the way back)."""
    pages = [queries.page(queries.entries(), size=size)]
    while pages[-1].older:
        pages.append(queries.page(queries.entries(), size=size, older_than=pages[-1].older))
    back = [pages[-1]]
    while back[-1].newer:
        back.append(queries.page(queries.entries(), size=size, newer_than=back[-1].newer))
    return [[entry.pk for found in ways for entry in found.entries] for ways in (pages, back[::-1])]


@pytest.mark.parametrize("same_instant", [False, True], ids=("apart", "at one instant"))
@pytest.mark.parametrize("size", [1, 2, 3, 7])
def test_every_entry_is_on_one_page_newest_first(salon, size, same_instant):
    written(salon, 7, same_instant=same_instant)

    there, _ = everything(size)

    assert there == list(AuditEntry.objects.order_by("-at", "-id").values_list("pk", flat=True))


@pytest.mark.parametrize("same_instant", [False, True], ids=("apart", "at one instant"))
def test_the_way_back_leads_over_the_same_pages(salon, same_instant):
    written(salon, 6, same_instant=same_instant)

    there, back = everything(2)

    assert back == there


def test_what_is_added_meanwhile_moves_no_page(salon):
    written(salon, 4)
    first = queries.page(queries.entries(), size=2)
    second = queries.page(queries.entries(), size=2, older_than=first.older)
    record(actor=actors.SYSTEM, action="booking.moved", subject=salon, at=NOON + timedelta(days=1))

    again = queries.page(queries.entries(), size=2, older_than=first.older)

    assert again.entries == second.entries


@pytest.mark.parametrize("place", ["nonsense", "====", "AAAA", "é", "/////////////////////////////w==", "_" * 32])
def test_a_place_that_is_none_is_the_beginning(salon, place):
    newest = written(salon, 2)[-1]

    assert queries.page(queries.entries(), size=1, older_than=place).entries == [newest]
    assert queries.page(queries.entries(), size=1, newer_than=place).entries == [newest]


def test_the_actions_that_occur(salon, nora):
    for action in ("b.two", "a.one", "b.two", "c.three"):
        written(salon, 2, action=action)
    with tenant_context(nora):
        written(nora, 1, action="d.four")

    assert queries.actions() == ["a.one", "b.two", "c.three"]


def test_there_are_no_actions_before_anything_happened(salon):
    assert queries.actions() == []


def labels(salon, **asked):
    found = filters.narrowed(business=salon, **asked)
    return sorted(found.values_list("actor_label", flat=True))


def test_the_trail_is_narrowed_by_who_acted(salon, member):
    person = member("staff")
    operator = User.objects.create_superuser("help@tithi.example", "correct horse battery")
    SupportAccess.objects.create(
        business=salon,
        operator=operator,
        operator_label="help",
        reason="They asked.",
        opened_at=NOON,
        ends_at=NOON + timedelta(hours=1),
    )
    for actor in (actors.user(person), actors.support(operator), actors.customer("Ada"), actors.SYSTEM):
        written(salon, 1, actor=actor)

    assert labels(salon, who=str(person.pk)) == ["staff@rosa.example"]
    assert labels(salon, who=filters.SUPPORT) == ["help@tithi.example (Tithi support)"]
    assert labels(salon, who=filters.CUSTOMERS) == ["Ada (customer)"]
    assert labels(salon, who=filters.PRODUCT) == ["Tithi"]
    assert len(labels(salon)) == 4


def test_the_trail_is_narrowed_by_act_thing_and_local_day(salon, member):
    written(salon, 1, action="booking.moved")
    written(salon, 1, action="salon.changed")
    late = datetime(2026, 3, 11, 2, tzinfo=UTC)  # the evening of the 10th in New York
    record(actor=actors.SYSTEM, action="late", subject=member("staff"), at=late)

    def acts(**asked):
        return sorted(filters.narrowed(business=salon, **asked).values_list("action", flat=True))

    assert acts(act="salon.changed") == ["salon.changed"]
    assert acts(subject=f"tenants.business:{salon.pk}") == ["booking.moved", "salon.changed"]
    assert acts(first=date(2026, 3, 11)) == []
    assert acts(first=date(2026, 3, 10), last=date(2026, 3, 10)) == ["booking.moved", "late", "salon.changed"]
    assert acts(last=date(2026, 3, 9)) == []


#: Four thousand entries a minute apart, forty acts of forty people in turn.
LONG = """
    INSERT INTO audit_auditentry
        (id, at, actor_id, actor_label, action, subject_type, subject_id, subject_label, before, after, request_id)
    SELECT md5(n::text)::uuid, %s - n * interval '1 minute', md5((n %% 40)::text)::uuid, '', 'act.' || n %% 40, '', '', '',
        '{}', '{}', ''
    FROM generate_series(1, 4000) AS n
"""


@pytest.mark.parametrize(
    ("narrowed", "index"),
    [
        ({}, "audit_newest"),
        ({"actor_id": UUID(md5(b"3").hexdigest())}, "audit_actor"),  # noqa: S324 -- a name, no secret
        ({"action": "act.3"}, "audit_action"),
    ],
    ids=("all", "person", "act"),
)
def test_a_page_deep_in_the_trail_is_one_step_of_an_index(salon, narrowed, index):
    with connection.cursor() as cursor:
        cursor.execute(LONG, [NOON])
        cursor.execute("ANALYZE audit_auditentry")
        for way in ("bitmapscan", "sort"):  # a hundred are as soon sorted; a year's are not
            cursor.execute(f"SET LOCAL enable_{way} = off")
    place = queries.place_of(AuditEntry.objects.order_by("-at")[2000])

    rows = queries._older(queries.entries().filter(**narrowed), queries._place(place)).order_by("-at", "-id")[:51]

    assert len(rows) == (50 if narrowed else 51)
    plan = rows.explain()
    assert index in plan
    assert "Sort" not in plan
