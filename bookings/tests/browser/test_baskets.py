"""Several services, several people, classes: put together, booked and moved in a real browser on a phone."""

from urllib.parse import urlsplit

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from bookings import links, services
from bookings.basket import Basket, Wanted
from bookings.models import Booking, Service, ServiceTeamAssignment, Status, TeamMember
from bookings.tests.factories import at, submit
from config.testing_browser import MARKS, fill_details, free_time, press_confirm, press_slot

pytestmark = MARKS


def people(booking):
    return [item.team_member.name for item in booking.items.order_by("position")]


def rows(page):
    return page.locator(".basket ol > li")


@pytest.mark.parametrize("javascript", [True, False], ids=("scripts on", "scripts off"))
def test_two_services_with_two_people_take_four_screens(site, open_page, javascript):
    page = open_page(java_script_enabled=javascript)
    screens = []
    page.on("framenavigated", lambda frame: screens.append(urlsplit(frame.url).path))

    page.goto(site.url)
    page.get_by_role("link", name="Book Dry trim").click()
    page.get_by_text("Add another service").click()
    page.get_by_role("link", name="Cut for friends").click()
    expect(rows(page)).to_have_count(2)
    page.get_by_text("A different person for each service").click()
    for label, person in (("Dry trim", "Tom Keller"), ("Cut for friends", "Ines Duarte")):
        page.get_by_label(label, exact=True).select_option(label=person)
        if javascript:
            expect(rows(page).filter(has_text=label)).to_contain_text(f"with {person}")
    if not javascript:
        page.get_by_role("button", name="Show times").click()
    expect(page.locator(".basket-total")).to_contain_text("$95.00")
    press_slot(page)
    listed = page.locator(".recap-parts li").all_inner_texts()
    fill_details(page)
    press_confirm(page)
    page.wait_for_url("**/book/done/**")

    booking = Booking.objects.get(status=Status.CONFIRMED)
    assert len(dict.fromkeys(screens)) == 4  # a choice on the page of times is the same screen again
    assert people(booking) == ["Tom Keller", "Ines Duarte"]
    assert [text.split()[:2] for text in listed] == [["Dry", "trim"], ["Cut", "for"]]
    assert page.locator(".recap-parts li").all_inner_texts() == listed
    assert page.locator(".recap-total").inner_text().split() == ["Total", "$95.00"]
    assert page.complaints == []


def test_one_service_takes_no_press_more_than_before(site, open_page):
    page = open_page()
    page.goto(site.url)

    page.get_by_role("link", name="Book Dry trim").click()
    press_slot(page)

    assert people(Booking.objects.get())


def test_what_changes_in_place_is_said_and_keeps_the_focus(site, open_page):
    page = open_page()
    page.goto(f"{site.url}/book/{site.services['Dry trim'].pk}/")
    page.evaluate("window.stayed = true")

    page.get_by_text("Add another service").click()
    page.get_by_role("link", name="Long colour").click()
    expect(page.locator("#picker-status")).to_contain_text("Your visit: 2 services, 3 h 30 min, $285.00.")
    expect(page.locator("#basket")).to_be_focused()
    in_view = page.locator("#basket").bounding_box()["y"]
    page.get_by_label("Dry trim", exact=True).evaluate("e => e.closest('details').open = true")
    page.get_by_label("Dry trim", exact=True).focus()
    page.get_by_label("Dry trim", exact=True).select_option(label="Tom Keller")
    expect(rows(page).first).to_contain_text("with Tom Keller")
    expect(page.get_by_label("Dry trim", exact=True)).to_be_focused()
    page.get_by_label("Dry trim", exact=True).select_option(label="Anyone available")
    expect(rows(page).first).to_contain_text("with anyone available")
    expect(page.get_by_label("Dry trim", exact=True)).to_be_focused()  # and not folded away
    title = page.title()
    page.get_by_role("link", name="Remove: Dry trim").click()
    expect(rows(page)).to_have_count(1)

    assert page.evaluate("window.stayed")
    assert 0 <= in_view < 844
    assert title == "Choose a time for Dry trim and 1 more · Rosa Studio"
    assert page.url.endswith(f"/book/{site.services['Long colour'].pk}/")
    press_slot(page)
    assert people(Booking.objects.get()) == ["Ines Duarte"]


def test_the_keyboard_alone_puts_a_chain_together(site, open_page):
    page = open_page(viewport={"width": 1280, "height": 900})
    page.goto(f"{site.url}/book/{site.services['Dry trim'].pk}/")

    page.locator("#add").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(rows(page)).to_have_count(2)
    page.locator("#each").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.type("Ines")
    expect(rows(page).first).to_contain_text("with Ines Duarte")
    free_time(page).locator("input").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.wait_for_url("**/book/checkout/**")

    assert page.locator(".recap-parts li").first.inner_text().endswith("with Ines Duarte")


def test_a_class_is_booked_with_a_friend(site, open_page):
    yoga = Service.objects.create(
        name="Yoga for beginners",
        duration_min=60,
        price_cents=1500,
        allow_group_booking=True,
        max_group_size=6,
        shared_session=True,
    )
    ServiceTeamAssignment.objects.create(service=yoga, team_member=TeamMember.objects.first())
    first, second = open_page(), open_page()

    for page, left in ((first, "6 places left"), (second, "4 places left")):
        page.goto(site.url)
        page.get_by_role("link", name="Book Yoga for beginners").click()
        page.locator("#party-2").click()
        expect(page.locator("#party-2")).to_have_attribute("aria-current", "true")
        assert free_time(page).locator("small").inner_text() == left
        press_slot(page)
    fill_details(second)
    press_confirm(second)
    second.wait_for_url("**/book/done/**")

    one, two = Booking.objects.order_by("created_at")
    assert one.start_at == two.start_at
    assert second.locator(".recap dd").all_inner_texts()[-1] == "2 people"
    assert second.locator(".recap-total").inner_text().split() == ["Total", "$30.00"]


@pytest.mark.parametrize("javascript", [True, False], ids=("scripts on", "scripts off"))
def test_a_chain_is_moved_to_other_people(site, open_page, javascript):
    ines, tom = TeamMember.objects.order_by("sort_order")
    basket = Basket((Wanted(site.services["Dry trim"], ines), Wanted(site.services["Cut for friends"], ines)))
    held = services.hold_slot(
        business=site.salon, basket=basket, start=at(site.salon, "10:00", days=3), now=timezone.now()
    )
    submit(site.salon, held)
    booking = services.confirm_booking(business=site.salon, booking=held, now=timezone.now())
    page = open_page(java_script_enabled=javascript)

    page.goto(f"{site.url}/b/{links.manage_token(booking)}/")
    page.get_by_role("link", name="Move to another time").click()
    page.get_by_role("link", name="Tom Keller").click()
    expect(page.get_by_role("link", name="Tom Keller")).to_have_attribute("aria-current", "true")
    free_time(page, -1).click()
    page.locator(".slot-bar button").click()
    message = page.get_by_role("status").inner_text()

    booking.refresh_from_db()
    assert people(booking) == [tom.name, tom.name]
    assert "Now with Tom Keller instead of Ines Duarte." in message
    assert page.locator(".recap-total").inner_text().split() == ["Total", "$95.00"]
    assert page.complaints == []
