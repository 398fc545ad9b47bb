"""Customers in a real browser: on a phone and at a desk, light and dark, with the keyboard, and without scripts."""

import pytest
from django.utils import timezone

from audit.actors import SYSTEM
from bookings.models import Booking, Customer
from bookings.services import customers
from bookings.tests.factories import at, make_booking, make_customer, make_past_visit
from config.testing_browser import DESK, LOOKS, MARKS, PHONE, sign_in

pytestmark = MARKS
NARROW = {"width": 320, "height": 640}


@pytest.fixture
def at_work(open_page, site, admin):
    def opened(path="/dashboard/customers/", **context):
        page = open_page(**context)
        sign_in(page, site, admin, path)
        return page

    return opened


@pytest.fixture
def people(site, rosa):
    """Anna, who came and will come; her twin; and somebody with a very long name."""
    service = site.services["Dry trim"]
    past = make_past_visit(make_booking(rosa, service, at(rosa)), days=3)
    Booking.objects.filter(pk=past.pk).update(status="no_show")
    make_booking(rosa, service, at(rosa, "12:00"))
    anna = past.customer
    customers.change_customer(customer=anna, fields={"notes": "Colour 7N"}, by=SYSTEM, now=timezone.now())
    customers.add_note(customer=anna, text="Likes tea", by=SYSTEM, now=timezone.now())
    twin = make_customer("Anna Berg", "anna+two@example.com", marketing_opt_in=True)
    make_customer("Wolfeschlegelsteinhausenbergerdorff " * 3, f"{'w' * 60}@{'x' * 60}.example", phone="+12125550199")
    return anna, twin


def pages_of(anna, twin):
    return {
        "list": "",
        "nobody": "?q=zzz",
        "add": "add/",
        "card": f"{anna.pk}/",
        "change": f"{anna.pk}/change/",
        "duplicates": "duplicates/",
        "merge": f"{anna.pk}/merge/{twin.pk}/",
        "erase": f"{anna.pk}/erase/",
        "import": "import/",
    }


@LOOKS
def test_everybody_can_read_and_use_the_pages(at_work, site, people, violations, viewport, scheme):
    page, found, wide = at_work(viewport=viewport, color_scheme=scheme), {}, {}

    for name, path in pages_of(*people).items():
        page.goto(f"{site.url}/dashboard/customers/{path}")
        found[name] = violations(page)
        wide[name] = page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
    page.set_input_files(
        "[name=file]", {"name": "a.csv", "mimeType": "text/csv", "buffer": b"name,email\nMia,m@x.io\n,x\n"}
    )
    page.get_by_role("button", name="Look at the file").click()
    page.get_by_role("button", name="Import 1 customer").wait_for()
    found["look"], wide["look"] = violations(page), page.evaluate("document.documentElement.scrollWidth > innerWidth")

    assert [line for lines in found.values() for line in lines] == []
    assert wide == dict.fromkeys(wide, False)
    assert page.complaints == []


def test_nothing_runs_out_of_a_very_small_screen(at_work, site, people):
    page = at_work(viewport=NARROW)

    for path in pages_of(*people).values():
        page.goto(f"{site.url}/dashboard/customers/{path}")
        assert page.evaluate("document.documentElement.scrollWidth") == NARROW["width"], path


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_from_the_list_to_a_note_a_merge_and_an_end(at_work, site, people, scripts):
    anna, twin = people
    page = at_work(viewport=PHONE, java_script_enabled=scripts)

    page.get_by_label("Name, e-mail or phone").fill("anna@")
    page.get_by_role("button", name="Search").click()
    page.wait_for_url("**q=anna*")
    page.get_by_role("link", name="Anna Berg").click()
    page.get_by_label("New note").fill("Has moved")
    page.get_by_role("button", name="Add note").click()
    page.get_by_text("Note added.").wait_for()
    page.get_by_role("link", name="Compare and merge").click()
    page.get_by_label("They are the same person").check()
    page.get_by_role("button", name="Merge for good").click()
    page.get_by_text("Merged.").wait_for()
    Booking.objects.filter(customer=anna, status="confirmed").update(status="canceled")
    page.get_by_role("link", name="Erase this customer").click()
    page.get_by_role("button", name="Erase for good").click()
    page.get_by_text("Tick the box first").wait_for()
    page.get_by_label("asked to be forgotten").check()
    page.get_by_role("button", name="Erase for good").click()
    page.get_by_text("Erased at their request").wait_for()

    anna.refresh_from_db()
    assert (anna.display_name, Customer.objects.filter(pk=twin.pk).count()) == ("Erased customer", 0)


def test_the_list_narrows_while_one_types(at_work, people):
    page = at_work(viewport=DESK)
    before = page.locator(".people-table tbody tr").count()

    page.get_by_label("Name, e-mail or phone").press_sequentially("two@")
    page.wait_for_url("**q=two%40*")

    assert (before, page.locator(".people-table tbody tr").count()) == (3, 1)
    assert page.locator("#count").inner_text() == "1 customer"
    assert page.evaluate("document.activeElement.id") == "q"
    assert page.complaints == []


def test_the_keyboard_is_enough(at_work, people):
    page = at_work(viewport=DESK)

    page.get_by_label("Name, e-mail or phone").focus()
    page.keyboard.type("anna@example")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=anna*")
    page.get_by_role("link", name="Anna Berg").focus()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Anna Berg").wait_for()
    page.get_by_label("New note").focus()
    page.keyboard.type("By keyboard")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_text("Note added.").wait_for()

    assert page.get_by_text("By keyboard").count() == 1


def test_a_file_is_taken_along(at_work, people):
    page = at_work(viewport=DESK)

    page.get_by_text("More", exact=True).last.click()
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Export all as CSV").click()

    text = waiting.value.path().read_text("utf-8-sig")
    assert (text.splitlines()[0].split(",")[:3], "Anna Berg,anna@example.com,'+12125550187" in text) == (
        ["name", "email", "phone"],
        True,
    )
