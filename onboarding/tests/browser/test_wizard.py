"""An owner without technical help opens a salon: few inputs, any device, the keyboard alone, without scripts too."""

import pytest
from playwright.sync_api import expect

from config.testing_browser import DESK, LOOKS, MARKS, PHONE
from onboarding.models import OnboardingProgress
from onboarding.steps import STEPS
from tenants.models import Business, BusinessStatus

pytestmark = MARKS
#: The most inputs (a field filled, a button pressed) from the sign-up to the open page.
MOST_INPUTS = 40
EMAIL, PASSWORD = "mara@lark.example", "correct horse battery"


class Owner:
    """Somebody at the wizard who counts what they do."""

    def __init__(self, page, site, *, scripts=True):
        self.page, self.inputs, self.scripts = page, 0, scripts
        self.base = f"http://localhost:{site.port}"

    def fill(self, label, text):
        self.page.get_by_label(label, exact=True).fill(text)
        self.inputs += 1

    def press(self, name="Save and continue"):
        self.page.get_by_role("button", name=name, exact=True).click()
        self.page.wait_for_load_state()
        self.inputs += 1

    def sign_up(self):
        self.page.goto(f"{self.base}/accounts/signup/?next=/onboarding/")
        self.page.locator("input[type=email]").fill(EMAIL)
        self.page.locator("input[type=password]").first.fill(PASSWORD)
        self.page.locator("main button[type=submit]").first.click()
        self.page.wait_for_url("**/onboarding/")
        self.inputs += 3

    def is_at(self, key):
        self.page.wait_for_url(f"**/onboarding/{key}/**")

    def wait_for_the_salon(self):
        """The page looks again by itself; without scripts somebody presses."""
        street, go_on = self.page.get_by_label("Street and number"), self.page.get_by_role("button", name="Go on")
        street.or_(go_on).wait_for()
        if go_on.count() and not self.scripts:
            self.press("Go on")
        street.wait_for()

    def open_a_salon(self):
        """With the defaults, wherever there are some."""
        self.sign_up()
        self.fill("Name of the business", "Studio Lark")
        self.press()
        self.is_at("address")
        self.press()
        self.is_at("location")
        self.wait_for_the_salon()
        self.fill("Phone", "(212) 555-0142")
        self.fill("Street and number", "12 Mercer St")
        self.fill("City", "New York")
        for step in STEPS[2:-1]:
            self.is_at(step.key)
            if step.key == "team":  # who signs up with an address and a password has not said their name yet
                self.fill("First name", "Mara")
            self.press()
        self.is_at("go-live")
        self.press("Open the booking page")
        self.page.get_by_role("heading", name="Studio Lark is open").wait_for()


@pytest.fixture
def opener(open_page, card_site):
    return Owner(open_page(viewport=DESK), card_site)


def test_from_sign_up_to_an_open_page_with_the_defaults(opener):
    opener.open_a_salon()

    assert opener.inputs <= MOST_INPUTS
    assert opener.page.complaints == []
    business = Business.objects.get(slug="studio-lark")
    assert business.status == BusinessStatus.ACTIVE
    assert OnboardingProgress.objects.get(pk=business.pk).completed_steps == list(range(1, 13))
    visitor = opener.page.context.browser.new_page()
    visitor.goto(business.url + "/")
    visitor.get_by_role("link", name="Cut and finish").first.click()
    visitor.locator("label.slot").first.wait_for()
    visitor.close()


def test_without_scripts_it_goes_the_same_way(open_page, card_site):
    owner = Owner(open_page(viewport=PHONE, java_script_enabled=False), card_site, scripts=False)

    owner.open_a_salon()

    assert Business.objects.get(slug="studio-lark").status == BusinessStatus.ACTIVE


# What every step has to be ------------------------------------------------------------------------


@LOOKS
def test_every_step_can_be_read_by_everybody(wizard, violations, viewport, scheme):
    page = wizard("business", viewport=viewport, color_scheme=scheme)
    found = {}
    for step in STEPS:
        page.goto(f"{page.home}{step.key}/")
        found[step.key] = violations(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), step.key

    assert {key: wrong for key, wrong in found.items() if wrong} == {}
    assert page.complaints == []


def test_an_answer_is_given_with_the_keyboard_alone(wizard):
    page = wizard("location", viewport=DESK)
    field = page.get_by_label("City")
    page.keyboard.press("Tab")
    for _ in range(40):
        if field.evaluate("element => element === document.activeElement"):
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Control+A")
    page.keyboard.type("Albany")
    page.keyboard.press("Enter")

    # What else is missing is said, the summary has the focus, and what was typed is kept.
    expect(page.locator("#errors")).to_be_focused()
    expect(page.get_by_label("City")).to_have_value("Albany")


def test_the_same_salon_goes_on_on_another_device(wizard):
    page = wizard("business", viewport=DESK)
    page.get_by_label("A few words about it").fill("Colour and cut since 1987.")
    page.get_by_role("button", name="Save and continue").click()
    page.wait_for_url("**/address/**")

    phone = wizard("business", viewport=PHONE)

    assert phone.get_by_label("A few words about it").input_value() == "Colour and cut since 1987."


def test_a_taken_address_is_told_while_typing_and_another_one_offered(wizard):
    page = wizard("address", viewport=PHONE)
    field = page.locator("input[name=subdomain]")

    field.fill("nora")

    page.get_by_text("This name is taken").wait_for()
    page.locator("[data-take]").first.click()
    page.get_by_text("is free.").wait_for()
    assert field.input_value().startswith("nora-")


def test_the_preview_shows_what_was_just_saved(wizard):
    page = wizard("location", viewport=DESK)
    frame = page.frame_locator(".phone iframe")
    frame.get_by_text("Dry trim").first.wait_for()
    assert frame.locator("body").evaluate("body => body.ownerDocument.defaultView.innerWidth") >= 380

    page.goto(f"{page.home}business/")
    page.get_by_label("A few words about it").fill("Now with coffee.")
    page.get_by_role("button", name="Save and continue").click()
    page.wait_for_url("**/address/**")

    page.frame_locator(".phone iframe").get_by_text("Now with coffee.").wait_for()
    assert page.complaints == []


def test_a_press_opens_and_another_closes(wizard):
    page = wizard("go-live", viewport=PHONE)

    page.get_by_role("button", name="Add sample data").click()
    page.get_by_text("sample visits are in the coming week").wait_for()
    page.get_by_text("The sample data is still there").wait_for()
    page.get_by_role("button", name="Remove the sample data").click()
    page.get_by_role("button", name="Open the booking page").click()
    page.get_by_role("heading", name="is open").wait_for()
    assert page.locator("img.qr").evaluate("image => image.naturalWidth") > 0

    page.get_by_role("button", name="Close the page for now").click()
    page.get_by_role("button", name="Open the booking page again").wait_for()
    assert Business.objects.get(slug="rosa").status == BusinessStatus.READY
