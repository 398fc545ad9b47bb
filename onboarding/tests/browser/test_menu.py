"""How it looks and what can be booked, asked in a real browser: preview, rows, keyboard, without scripts."""

import pytest
from playwright.sync_api import expect

from bookings.models import Service
from config.testing_browser import DESK, MARKS, PHONE
from tenants.models import Business
from tenants.tests.pictures import png

pytestmark = MARKS
#: A phone's width, and room for a scroll bar.
WIDE = 390 + 15
LOGO = {"name": "logo.png", "mimeType": "image/png", "buffer": png("#2f6690", (60, 60))}


def looks(opening):
    return Business.objects.values_list("primary_color", "secondary_color", "font").get(pk=opening.salon.pk)


def previewed(page):
    """The preview as it is drawn: its width, colour, type face and logo."""
    frame = page.frame_locator(".phone iframe")
    page.locator(".phone").scroll_into_view_if_needed()
    expect(frame.locator("h1")).to_be_visible()
    return frame.locator("h1").evaluate(
        """(title) => [innerWidth, getComputedStyle(document.documentElement).getPropertyValue("--brand"),
        getComputedStyle(title).fontFamily.split(",")[0], document.querySelector(".front-who img")?.naturalWidth]"""
    )


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=("phone", "desk"))
def test_the_preview_wears_what_was_saved(opening, viewport):
    page = opening.page("branding", viewport=viewport)
    assert previewed(page) == [WIDE, "#7c3f58", "Figtree", None]

    page.locator("label.swatch", has_text="Lake").click()
    page.get_by_text("Soft and round").click()
    page.locator("#id_logo").set_input_files(LOGO)
    page.get_by_role("button", name="Save and look").click()
    expect(page.get_by_text("Saved.")).to_be_visible()

    assert previewed(page) == [WIDE, "#2f6690", "Quicksand", 60]
    assert page.get_by_alt_text("Your present logo").evaluate("(image) => image.naturalWidth") == 60
    assert page.complaints == []


def test_the_three_ways_to_say_a_colour_stay_alike(opening):
    page = opening.page("branding")
    written, sample = page.get_by_label("Main colour, written"), page.locator("[data-sample]")

    page.locator("label.swatch", has_text="Amber").click()
    expect(written).to_have_value("#c58b1c")
    expect(sample.locator("[data-ink]")).to_have_text("black")
    written.fill("#101010")
    expect(sample.locator("[data-ink]")).to_have_text("white")
    assert page.get_by_label("Main colour, picked").input_value() == "#101010"
    assert page.locator(".swatch :checked").count() == 0
    written.press("Enter")  # saves; the button that takes the logo away stands above, and is not meant

    page.wait_for_url("**/services/**")
    assert looks(opening) == ("#101010", "", "sans")


def test_looks_are_chosen_without_scripts(opening):
    page = opening.page("branding", java_script_enabled=False)

    page.locator("label.swatch", has_text="Rose").click()
    page.get_by_label("Second colour, picked").fill("#d4a373")
    page.get_by_text("A touch of print").click()
    page.get_by_role("button", name="Save and continue").click()

    page.wait_for_url("**/services/**")
    assert looks(opening) == ("#b0476b", "#d4a373", "serif")


def menu():
    return list(Service.objects.order_by("sort_order").values_list("name", "duration_min", "price_cents"))


def test_one_press_makes_the_starters_services(opening):
    page = opening.page("services")

    page.get_by_role("button", name="Save and continue").dblclick()

    page.wait_for_url("**/availability/**")
    assert [name for name, *_ in menu()] == ["Cut and finish", "Trim", "Blow dry", "Root colour", "Highlights"]


@pytest.mark.parametrize("javascript", [True, False], ids=("scripts on", "scripts off"))
def test_rows_are_added_and_what_is_wrong_is_corrected(opening, javascript):
    page = opening.page("services", java_script_enabled=javascript)
    for number in range(5):
        page.locator(f"#id_rows-{number}-take").uncheck()
    page.locator("#id_rows-5-name").fill("Consultation")
    page.locator("#id_rows-5-duration_min").fill("2")
    page.locator("#id_rows-5-price_cents").fill("0")

    page.get_by_role("button", name="Add another").click()
    added = page.get_by_role("group", name="Service 7")
    if javascript:
        expect(added.get_by_label("Service", exact=True)).to_be_focused()
    added.get_by_label("Service", exact=True).fill("Head massage")
    added.get_by_label("Minutes").fill("1h15")
    added.get_by_label("Price in USD").fill("85,50")
    page.get_by_role("button", name="Save and continue").click()
    if javascript:
        expect(page.get_by_role("alert")).to_be_focused()
    page.get_by_role("link", name="Consultation, minutes").click()
    page.locator("#id_rows-5-duration_min").fill("15")
    page.get_by_role("button", name="Save and continue").click()

    page.wait_for_url("**/availability/**")
    assert menu() == [("Consultation", 15, 0), ("Head massage", 75, 8550)]


def test_the_keyboard_alone_is_enough(opening):
    page = opening.page("services", viewport=DESK)
    page.locator("#id_rows-0-take").focus()

    page.keyboard.press("Space")  # not this one
    page.locator("#id_rows-1-name").focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("Fringe")
    page.keyboard.press("Enter")

    page.wait_for_url("**/availability/**")
    assert [name for name, *_ in menu()] == ["Fringe", "Blow dry", "Root colour", "Highlights"]


@pytest.mark.parametrize("javascript", [True, False], ids=("scripts on", "scripts off"))
def test_a_file_is_looked_at_imported_and_its_rest_downloaded(opening, javascript):
    text = "Leistung;Dauer;Preis\nFärben;1:30;95,00\nWaschen;bald;5\n"
    page = opening.page("services", java_script_enabled=javascript)
    page.get_by_role("link", name="Import from a CSV file").click()

    file = {"name": "liste.csv", "mimeType": "text/csv", "buffer": text.encode("cp1252")}
    page.get_by_label("CSV file").set_input_files(file)
    page.get_by_role("button", name="Look at the file").click()
    expect(page.get_by_role("heading", name="1 service to be added")).to_be_visible()
    assert menu() == []
    page.get_by_role("button", name="Add 1 service").click()
    expect(page.get_by_role("heading", name="1 service added", level=1)).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download the lines left out").click()

    assert menu() == [("Färben", 90, 9500)]
    assert download.value.suggested_filename == "services-to-correct.csv"
    page.get_by_role("link", name="To the services").click()
    expect(page.get_by_role("link", name="Edit Färben")).to_be_visible()


def test_words_without_an_end_break_on_the_page_and_in_the_preview(opening):
    page = opening.page("services", viewport={"width": 320, "height": 700})
    page.locator("#id_rows-0-name").fill("n" * 110)
    page.locator("#id_rows-0-category").fill("c" * 70)

    page.get_by_role("button", name="Save and stay").click()
    expect(page.get_by_role("link", name="Edit Trim")).to_be_visible()

    assert previewed(page)[0] == WIDE
    for document in (page, page.frames[1]):
        assert document.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=("phone", "desk"))
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_are_accessible(opening, violations, viewport, scheme):
    page = opening.page("branding", viewport=viewport, color_scheme=scheme)
    found = [violations(page)]
    page.get_by_label("Main colour, written").fill("blueish")
    page.get_by_role("button", name="Save and look").click()
    found.append(violations(page))

    page.goto(page.url.partition("/onboarding/")[0] + f"/onboarding/services/?salon={opening.progress.pk}")
    found.append(violations(page))
    page.locator("#id_rows-0-duration_min").fill("1")
    page.get_by_role("button", name="Save and stay").click()
    found.append(violations(page))
    page.locator("#id_rows-0-duration_min").fill("30")
    page.get_by_role("button", name="Save and stay").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    found.append(violations(page))
    page.get_by_role("link", name="Edit Trim").click()
    found.append(violations(page))

    assert found == [[]] * 6
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
