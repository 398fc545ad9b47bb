import contextlib
import shutil
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from string import Template
from urllib.parse import parse_qsl, urlsplit

import pytest
import stripe
from playwright.sync_api import expect, sync_playwright

from .test_dunning import behind

HOST = Path(__file__).parent / "host"
AXE = Path(__file__).parents[3] / "config/testing_assets/axe.min.js"

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def chromium():
    with sync_playwright() as playwright:
        program = shutil.which("chromium") or shutil.which("google-chrome")
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def shop(running):
    """The origin of a shop's page under a policy that allows nothing inline."""
    policy = (
        f"default-src 'none'; script-src 'self' {running.base}; style-src 'self'; frame-src {running.base}; "
        f"connect-src {running.base}; base-uri 'none'"
    )

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            parts = urlsplit(self.path)
            values = {"redirect": "", "theme": "", "secret": "", "account": ""} | dict(parse_qsl(parts.query))
            name = "shop.js" if parts.path == "/shop.js" else "index.html"
            text = (HOST / name).read_text()
            body = (text if name == "shop.js" else Template(text).substitute(values, stripe=running.base)).encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/javascript" if name == "shop.js" else "text/html; charset=utf-8")
            self.send_header("Content-Security-Policy", policy)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            with contextlib.suppress(ConnectionError):  # the browser has gone to another page
                self.wfile.write(body)

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


class Visit:
    """A customer with the shop's page open, at phone width."""

    def __init__(self, chromium, shop, salon, secret, redirect="if_required", theme="", **context):
        self.complaints = []
        self.page = chromium.new_context(viewport={"width": 390, "height": 844}, **context).new_page()
        self.page.on(
            "console", lambda message: self.complaints.append(message.text) if message.type == "error" else None
        )
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.goto(f"{shop}/?account={salon.account}&secret={secret}&redirect={redirect}&theme={theme}")
        expect(self.page.locator("body")).to_have_attribute("data-ready", "yes")
        self.card = self.page.frame_locator("iframe[title='Secure card input']")
        self.bank = self.page.frame_locator("iframe[title='Authentication by your bank']")

    def type_card(self, number, expiry="1240", cvc="123"):
        for label, text in (("Card number", number), ("Expiry date", expiry), ("Security code", cvc)):
            self.card.get_by_label(label).fill(text)

    def pay(self):
        self.page.get_by_role("button", name="Save card").click()

    def expect_result(self, text):
        expect(self.page.get_by_role("status")).to_contain_text(text)

    def close(self):
        self.page.context.close()


@pytest.fixture
def visit(chromium, shop, salon):
    visits = []

    def start(secret, **context):
        visits.append(Visit(chromium, shop, salon, secret, **context))
        return visits[-1]

    yield start
    for opened in visits:
        opened.close()


@pytest.fixture
def setup(salon):
    customer = salon.stripe.customers.create({})
    return salon.stripe.setup_intents.create({"customer": customer.id})


def test_typed_card_is_saved_under_a_strict_policy(salon, setup, visit):
    shopper = visit(setup.client_secret)
    for label, keys in (("Card number", "4242424242424242"), ("Expiry date", "1240"), ("Security code", "123")):
        shopper.card.get_by_label(label).press_sequentially(keys)

    typed = [shopper.card.get_by_label(label).input_value() for label in ("Card number", "Expiry date")]
    shopper.pay()
    shopper.expect_result("succeeded")

    saved = salon.stripe.payment_methods.list({"customer": setup.customer}).data
    assert typed == ["4242 4242 4242 4242", "12 / 40"]
    assert [(method.card.last4, method.billing_details.name) for method in saved] == [("4242", "Ada")]
    last = shopper.page.evaluate("window.changes.at(-1)")
    assert (last["complete"], last["empty"], last["brand"]) == (True, False, "visa")
    assert shopper.complaints == []


def test_declined_card_is_told_and_another_one_taken(salon, setup, visit):
    shopper = visit(setup.client_secret)
    shopper.type_card("4000000000009995")
    shopper.pay()
    shopper.expect_result("card_declined: Your card has insufficient funds.")

    shopper.type_card("5555555555554444")
    shopper.pay()
    shopper.expect_result("succeeded")

    assert [method.card.brand for method in salon.stripe.payment_methods.list({"customer": setup.customer})] == [
        "mastercard"
    ]


def test_incomplete_card_never_leaves_the_page(simulator, salon, setup, visit):
    shopper = visit(setup.client_secret)
    shopper.type_card("4242424242424241", cvc="1")
    shopper.pay()
    shopper.expect_result("invalid_number")

    number = shopper.card.get_by_label("Card number")
    expect(number).to_be_focused()
    expect(number).to_have_attribute("aria-invalid", "true")
    expect(shopper.card.locator("#cvc-error")).to_have_text("Your card's security code is incomplete.")
    assert [row for row in simulator.look("/requests") if row["path"].endswith("/confirm")] == []


def test_bank_dialog_is_worked_by_keyboard_and_holds_the_page_beneath(salon, setup, visit):
    shopper = visit(setup.client_secret)
    shopper.type_card("4000002500003155")
    shopper.pay()
    expect(shopper.bank.get_by_role("dialog", name="Confirm it is you")).to_be_visible()
    beneath = shopper.page.locator("main").evaluate("main => main.inert")
    shopper.page.keyboard.press("Tab")
    expect(shopper.bank.get_by_role("button", name="Complete")).to_be_focused()
    outline = shopper.bank.get_by_role("button", name="Complete").evaluate("b => getComputedStyle(b).outlineWidth")
    shopper.page.keyboard.press("Enter")
    shopper.expect_result("succeeded")

    assert (beneath, outline) == (True, "3px")
    assert shopper.page.locator("main").evaluate("main => main.inert") is False
    assert salon.stripe.setup_intents.retrieve(setup.id).status == "succeeded"
    assert shopper.complaints == []


def test_failed_authentication_lets_the_shopper_try_again(salon, setup, visit):
    shopper = visit(setup.client_secret)
    shopper.type_card("4000000000003220")
    shopper.pay()
    shopper.bank.get_by_role("button", name="Fail").click()
    shopper.expect_result("setup_intent_authentication_failure")

    shopper.type_card("4242424242424242")
    shopper.pay()
    shopper.expect_result("succeeded")


def test_payment_is_confirmed_on_session(simulator, salon, visit):
    intent = salon.stripe.payment_intents.create({"amount": 5_000, "currency": "usd", "application_fee_amount": 50})
    shopper = visit(intent.client_secret)
    shopper.type_card("4000002760003184")
    shopper.pay()
    shopper.bank.get_by_role("button", name="Complete").click()
    shopper.expect_result("succeeded")

    assert simulator.ledger() == [("capture", 5_000, 50)]


def declined_off_session(salon):
    """A payment intent to be captured later, whose bank wants the customer."""
    with pytest.raises(stripe.CardError) as decline:
        salon.hold(card="pm_card_authenticationRequired", application_fee_amount=100)
    return decline.value.error.payment_intent


def test_saved_card_is_authenticated_on_the_shops_page(simulator, salon, visit):
    intent = declined_off_session(salon)
    shopper = visit(intent.client_secret)
    shopper.page.evaluate(
        """([secret]) => { window.paid = stripe.retrievePaymentIntent(secret).then(({ paymentIntent }) =>
            stripe.confirmCardPayment(secret, { payment_method: paymentIntent.last_payment_error.payment_method.id })); }""",
        [intent.client_secret],
    )
    expect(shopper.bank.get_by_text("pay $100.00")).to_be_visible()
    shopper.bank.get_by_role("button", name="Complete").click()
    status = shopper.page.evaluate("window.paid.then(({ paymentIntent }) => paymentIntent.status)")
    salon.stripe.payment_intents.capture(intent.id)

    assert status == "requires_capture"
    assert simulator.ledger() == [("authorization", 10_000, 0), ("capture", 10_000, 100)]
    assert shopper.complaints == []


def test_another_card_pays_the_same_intent_after_a_failed_authentication(simulator, salon, visit):
    intent = declined_off_session(salon)
    shopper = visit(intent.client_secret)
    shopper.type_card("4000002760003184")
    shopper.pay()
    shopper.bank.get_by_role("button", name="Fail").click()
    shopper.expect_result("payment_intent_authentication_failure")
    shopper.type_card("5555555555554444")
    shopper.pay()
    shopper.expect_result("requires_capture")

    assert salon.stripe.payment_intents.retrieve(intent.id).amount_capturable == 10_000
    assert simulator.ledger() == [("authorization", 10_000, 0)]


def test_confirmation_returns_to_the_shop_when_asked(setup, visit):
    shopper = visit(setup.client_secret, redirect="always")
    shopper.type_card("4242424242424242")
    shopper.pay()
    shopper.page.wait_for_url("**redirect_status=succeeded")

    assert f"setup_intent={setup.id}" in shopper.page.url
    assert f"setup_intent_client_secret={setup.client_secret}" in shopper.page.url


@pytest.mark.parametrize(("theme", "ground"), [("night", "rgb(30, 33, 42)"), ("stripe", "rgb(255, 255, 255)")])
def test_shop_chooses_the_look(setup, visit, theme, ground):
    shopper = visit(setup.client_secret, theme=theme, color_scheme="light" if theme == "night" else "dark")
    number = shopper.card.get_by_label("Card number")

    look = number.evaluate("i => [getComputedStyle(document.body).backgroundColor, getComputedStyle(i).borderRadius]")

    assert look == [ground, "9px"]


def test_script_offers_the_card_calls_too(simulator, salon, setup, visit):
    shopper = visit(setup.client_secret)
    shopper.type_card("4000002500003155")
    ask = """async ([secret]) => {
        const data = { payment_method: { card: element, billing_details: { name: "Ada" } } };
        const { setupIntent } = await stripe.confirmCardSetup(secret, data, { handleActions: false });
        return setupIntent.status;
    }"""
    waiting = shopper.page.evaluate(ask, [setup.client_secret])
    shopper.page.evaluate(
        "([clientSecret]) => { window.next = stripe.handleNextAction({ clientSecret }); }", [setup.client_secret]
    )
    shopper.bank.get_by_role("button", name="Complete").click()
    done = shopper.page.evaluate("window.next.then(({ setupIntent }) => setupIntent.status)")
    read = shopper.page.evaluate(
        "([secret]) => stripe.retrieveSetupIntent(secret).then(({ setupIntent }) => Object.keys(setupIntent))",
        [setup.client_secret],
    )

    assert (waiting, done) == ("requires_action", "succeeded")
    assert "customer" not in read


def test_unmounted_element_leaves_the_page_and_may_come_back(setup, visit):
    shopper = visit(setup.client_secret)
    shopper.page.evaluate("element.unmount()")
    gone = shopper.page.locator("iframe").count()
    shopper.page.evaluate("element.mount('#card'); element.focus()")

    assert gone == 0
    expect(shopper.card.get_by_label("Card number")).to_be_focused()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_frames_and_hosted_pages_pass_axe(simulator, salon, setup, visit, scheme):
    shopper = visit(setup.client_secret, color_scheme=scheme, bypass_csp=True)
    shopper.type_card("4000002500003155", cvc="1")
    shopper.card.get_by_label("Card number").focus()
    violations = run_axe(shopper.page)
    shopper.type_card("4000002500003155")
    shopper.pay()
    expect(shopper.bank.get_by_role("dialog")).to_be_visible()
    violations += run_axe(shopper.page)
    session = salon.stripe.checkout.sessions.create(
        {"mode": "setup", "currency": "usd", "success_url": "https://shop.test/", "cancel_url": "https://shop.test/"}
    )
    shopper.page.goto(session.url)
    violations += run_axe(shopper.page)
    shopper.page.get_by_label("Card number").fill("1")
    shopper.page.get_by_label("Expiry").fill("1")
    shopper.page.get_by_label("Security code").fill("1")
    shopper.page.get_by_role("button", name="Save card").click()
    expect(shopper.page.get_by_role("alert")).to_contain_text("incorrect")
    violations += run_axe(shopper.page)
    urls = {"return_url": "https://shop.test/", "refresh_url": "https://shop.test/"}
    link = simulator.client().account_links.create({"account": salon.account, "type": "account_onboarding", **urls})
    shopper.page.goto(link.url)
    violations += run_axe(shopper.page)

    assert violations == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_billing_pages_pass_axe_and_fit_a_phone(platform, chromium, scheme):
    subscription = behind(platform)
    portal = platform.stripe.billing_portal.sessions.create(
        {"customer": subscription.customer, "return_url": "https://shop.test/"}
    )
    session = platform.stripe.checkout.sessions.create(
        {
            "mode": "subscription",
            "line_items": [{"price": platform.price, "quantity": 1}],
            "success_url": "https://shop.test/",
            "subscription_data": {"trial_period_days": 14},
        }
    )
    invoice = platform.stripe.invoices.retrieve(subscription.latest_invoice)
    page = chromium.new_context(viewport={"width": 390, "height": 844}, color_scheme=scheme, bypass_csp=True).new_page()
    found = []
    for url in (portal.url, f"{portal.url}/card", session.url, invoice.hosted_invoice_url):
        page.goto(url)
        found += run_axe(page)
        found += [url] * page.evaluate("document.documentElement.scrollWidth > innerWidth")
    page.context.close()

    assert found == []


def run_axe(page):
    """What axe finds in the page and its frames, as (rule, element) pairs."""
    source = AXE.read_text()
    for frame in page.frames:
        frame.evaluate(source)
        # Of its own accord axe does not look into frames of another origin.
        frame.evaluate("axe.configure({allowedOrigins: ['<unsafe_all_origins>']})")
    result = page.evaluate("axe.run()")
    unread = [node for rule in result["incomplete"] if rule["id"] == "frame-tested" for node in rule["nodes"]]
    assert unread == []
    return [(violation["id"], node["target"]) for violation in result["violations"] for node in violation["nodes"]]


def test_empty_form_fits_a_small_phone(setup, visit):
    shopper = visit(setup.client_secret)
    frame = shopper.page.frames[1]

    sideways = frame.evaluate("document.documentElement.scrollWidth - innerWidth")
    lowest = frame.evaluate("document.documentElement.scrollHeight - innerHeight")
    heights = frame.evaluate(
        "[...document.querySelectorAll('form input')].filter(i => i.offsetParent).map(i => i.offsetHeight)"
    )

    assert (sideways, lowest) == (0, 0)
    assert min(heights) >= 44
