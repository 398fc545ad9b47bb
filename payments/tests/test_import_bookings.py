import csv
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django_tenants.utils import tenant_context

from bookings.models import Booking, Occupancy, Status
from bookings.services import locks
from bookings.services.import_rows import Row
from bookings.tests.factories import at, make_member, make_service
from payments.models import Payment
from tenants.models import TenantBilling

OFF_GRID = "Visits start every 15 minutes from the start of the shift."


def row(business, clock="10:00", **fields):
    start = at(business, clock).astimezone(business.zone)
    who = {"name": "Anna Berg", "email": "anna@example.com", "phone": "(212) 555-0187"}
    return Row(**{"start": f"{start:%Y-%m-%d %H:%M}", "services": "Cut"} | who | fields)


def written():
    return Booking.objects.count(), Payment.objects.count(), Occupancy.objects.count()


@pytest.fixture
def file(tmp_path):
    return tmp_path / "old.csv"


def write(file, rows, *, delimiter=",", encoding="utf-8"):
    with file.open("w", encoding=encoding, newline="") as out:
        lines = csv.DictWriter(out, list(asdict(rows[0])), delimiter=delimiter)
        lines.writeheader()
        lines.writerows(asdict(each) for each in rows)
    return str(file)


@pytest.mark.parametrize(("delimiter", "encoding"), [(",", "utf-8"), (";", "utf-8-sig"), ("\t", "utf-8")])
def test_the_command_takes_a_file_over_with_its_payments(salon, cut, ann, file, capsys, delimiter, encoding):
    note = "Colour: 7/1,\nplease; “no” ammonia"
    path = write(file, [row(salon, note=note), row(salon, "12:00")], delimiter=delimiter, encoding=encoding)

    call_command("import_bookings", "rosa", path)

    assert capsys.readouterr().out == "Took 2 of 2 rows; 0 were taken before.\n"
    assert list(Booking.objects.order_by("start_at").values_list("special_requests", flat=True)) == [note, ""]
    assert set(Payment.objects.values_list("status", "method", "amount_cents")) == {("requires_action", "cash", 5000)}


def test_no_card_is_asked_for(salon, cut, ann, file):
    TenantBilling.objects.filter(business=salon).update(stripe_account_id="acct_1", charges_enabled=True)

    call_command("import_bookings", "rosa", write(file, [row(salon)]))

    assert (Booking.objects.get().status, Payment.objects.get().method) == (Status.CONFIRMED, "cash")


def test_refused_rows_are_named_and_written_down(salon, cut, ann, file, tmp_path, capsys):
    rows = [row(salon), row(salon, "10:07", name="Bea", email=""), row(salon, "12:00", services="Shave")]
    errors = tmp_path / "errors.csv"

    with pytest.raises(CommandError, match="2 of 3 rows were refused") as refused:
        call_command("import_bookings", "rosa", write(file, rows), errors=errors)

    assert refused.value.returncode == 1
    said = capsys.readouterr().out.splitlines()
    assert said[0] == f"Line 3, {rows[1].start} Bea: {OFF_GRID}"
    assert said[-1] == "Took 1 of 3 rows; 0 were taken before."
    with errors.open(encoding="utf-8", newline="") as lines:
        assert [(line["name"], line["error"]) for line in csv.DictReader(lines)] == [
            ("Bea", OFF_GRID),
            ("Anna Berg", "There is no bookable service called “Shave”."),
        ]


def test_a_dry_run_of_the_command_writes_nothing(salon, cut, ann, file, capsys):
    path, before = write(file, [row(salon)]), written()

    call_command("import_bookings", "rosa", path, "--dry-run")

    assert (capsys.readouterr().out, written()) == ("Would take 1 of 1 rows; 0 were taken before.\n", before)


@pytest.mark.django_db(transaction=True)
def test_a_dry_run_gives_way_to_somebody_who_books(rosa, file, monkeypatch):
    monkeypatch.setattr(locks, "WAIT", "50ms")
    with tenant_context(rosa):
        ann = make_member(performs=[make_service()])
        path, held, done = write(file, [row(rosa)]), threading.Event(), threading.Event()

    def book_slowly():
        with tenant_context(rosa), transaction.atomic():
            locks.lock(people=[ann.pk])
            held.set()
            done.wait(timeout=20)
        connection.close()

    with ThreadPoolExecutor(1) as pool:
        booking = pool.submit(book_slowly)
        held.wait(timeout=20)
        try:
            with pytest.raises(CommandError, match="Somebody is booking at this moment"):
                call_command("import_bookings", "rosa", path, "--dry-run")
        finally:
            done.set()
            booking.result()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("start,services\n", "These columns are missing: name."),
        ("start,services,name,price\n", "These columns are not known: price."),
        ("", "These columns are missing: start, services, name."),
        (b"\xff\xfe", "cannot be read as UTF-8 text"),
        (None, "cannot be read as UTF-8 text"),
    ],
)
def test_a_file_that_is_not_ours_is_refused_whole(salon, file, text, sentence):
    if text is not None:
        file.write_bytes(text if isinstance(text, bytes) else text.encode())

    with pytest.raises(CommandError, match=sentence):
        call_command("import_bookings", "rosa", str(file))


def test_a_salon_nobody_knows_is_named(db, file):
    with pytest.raises(CommandError, match="There is no salon mona"):
        call_command("import_bookings", "mona", str(file))


def test_a_file_goes_into_the_named_salon_only(salon, other_salon, cut, ann, file):
    with pytest.raises(CommandError):
        call_command("import_bookings", other_salon.slug, write(file, [row(salon)]))

    assert written() == (0, 0, 0)
