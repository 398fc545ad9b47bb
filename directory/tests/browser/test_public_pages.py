"""How the platform's public pages hold up: for every reader, at every width, under the policy, within the budget."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import product

import pytest

from bookings.models import Service
from bookings.tests.browser.test_quality import BUDGET, SMALL_TARGETS, weight
from config.testing_browser import LOOKS, MARKS
from directory.legal import PAGES
from directory.tests.factories import salon_row
from tenants.models import Business

pytestmark = MARKS
COLORS = ("#7c3f58", "#ffe14d", "#0b1f3a", "#e9e4dc", "#ff2d2d", "#777777")
KINDS = ("Barber & spa", "Hair salon", "Nails", "Day spa", "Massage", "Brows", "Beauty", "Tattoo", "Make-up", "Yoga")
CITIES = (
    ("Brooklyn", "NY", "US"),
    ("Zürich", "", "CH"),
    ("Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch", "", "GB"),
)


@pytest.fixture
def full(site):
    """The site with three pages of salons in its directory, some with unkind names; its platform's address."""
    Business.objects.bulk_create(
        salon_row(
            "Haarverlängerungsbehandlungskombinationspflegevorbereitung" if number == 0 else f"Maison {number}",
            category=kind,
            city=city,
            region=region,
            country=country,
            primary_color=COLORS[number % len(COLORS)],
            description="A small, quiet salon with time for a cup of tea. " * 6,
        )
        for number, (kind, (city, region, country), _) in enumerate(product(KINDS, CITIES, range(2)))
    )
    return f"http://localhost:{site.port}"


def screens(page, home):
    """Every public page of the platform by name, as the page stands on it."""
    for name, path in (
        ("home", "/"),
        ("pricing", "/pricing/"),
        ("directory", "/directory/"),
        ("a kind in a city", "/directory/barbershop/zurich/"),
        ("second page", "/directory/?page=2"),
        ("nothing found", "/directory/?q=nobody&category=barbershop&place=nowhere"),
        ("a wrong kind", "/directory/?category=plumber"),
        *((name, f"/legal/{name}/") for name in PAGES),
    ):
        page.goto(home + path)
        for opened in page.locator("main summary").all():
            opened.click()
        yield name


@LOOKS
def test_axe_finds_nothing_wrong(full, open_page, violations, viewport, scheme):
    page = open_page(viewport=viewport, color_scheme=scheme, reduced_motion="reduce")

    found = {name: violations(page) for name in screens(page, full)}

    assert {name: wrong for name, wrong in found.items() if wrong} == {}


@pytest.mark.parametrize("width", [320, 390])
def test_nothing_scrolls_sideways_and_targets_are_large(full, open_page, width):
    page = open_page(viewport={"width": width, "height": 700})
    too_wide, too_small = [], []

    for name in screens(page, full):
        if page.evaluate("document.documentElement.scrollWidth") > width:
            too_wide.append(name)
        too_small += [(name, *target) for target in page.evaluate(SMALL_TARGETS)]

    assert (too_wide, too_small) == ([], [])


@pytest.mark.parametrize("javascript", [True, False], ids=("scripts on", "scripts off"))
def test_pages_raise_no_complaint_and_call_nobody_else(full, open_page, javascript):
    page = open_page(java_script_enabled=javascript)
    hosts = set()
    page.on("request", lambda request: hosts.add(request.url.split("/")[2].split(":")[0]))

    names = list(screens(page, full))

    assert (len(names), page.complaints, hosts) == (11, [], {"localhost"})


def test_every_first_view_is_light(full, open_page):
    page = open_page()
    heavy = []

    for name in screens(page, full):
        page.wait_for_load_state("networkidle")
        loaded = page.evaluate("performance.getEntriesByType('resource').map((entry) => entry.name)")
        found = {
            "requests": 1 + len(loaded),
            "document": weight(page, [page.url]),
            "styles": weight(page, [url for url in loaded if ".css" in url]),
            "scripts": len([url for url in loaded if ".js" in url]),
        }
        heavy += [(name, part, found[part]) for part in found if found[part] > {**BUDGET, "scripts": 0}[part]]

    assert heavy == []


@pytest.mark.parametrize("javascript", [True, False], ids=("scripts on", "scripts off"))
def test_a_visitor_finds_a_salon_and_stands_on_its_page(full, site, open_page, javascript):
    Business.objects.filter(pk=site.salon.pk).update(
        is_public_directory=True, name="Rosa’s Barbers", category="Barber", city="Brooklyn", region="NY"
    )
    page = open_page(java_script_enabled=javascript)
    page.goto(full)

    page.get_by_role("navigation", name="Main").get_by_role("link", name="Directory").click()
    page.get_by_label("Name", exact=True).fill("rosa")
    page.get_by_label("Place", exact=True).fill("brooklyn, ny")
    page.get_by_label("Kind", exact=True).select_option("Barbershops")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name="Rosa’s Barbers").click()
    page.wait_for_url(f"{site.url}/")

    assert page.get_by_role("heading", level=1).inner_text() == "Rosa’s Barbers"


def test_choices_are_made_and_taken_back(full, open_page):
    page = open_page()
    page.goto(f"{full}/directory/")

    page.get_by_role("navigation", name="By kind").get_by_role("link", name="Barbershops").click()
    page.get_by_role("navigation", name="By city").get_by_role("link", name="Zürich").click()
    page.wait_for_url("**/directory/barbershop/zurich/")
    chosen = [link.inner_text().split()[0] for link in page.locator(".narrow [aria-current]").all()]
    page.get_by_role("navigation", name="By city").get_by_role("link", name="Zürich").click()
    page.wait_for_url("**/directory/barbershop/")

    assert chosen == ["Barbershops", "Zürich"]
    assert page.get_by_role("heading", name="6 salons").count() == 1


def test_owners_words_in_the_data_block_do_nothing(site, open_page):
    nasty = "</script><script>window.taken = 1</script><!--"
    Business.objects.filter(pk=site.salon.pk).update(name=nasty, description=nasty)
    Service.objects.update(name=nasty)
    page = open_page()

    page.goto(site.url)
    told = page.evaluate("JSON.parse(document.querySelector('script[type=\"application/ld+json\"]').textContent)")

    assert (told["name"], told["makesOffer"][0]["itemOffered"]["name"]) == (nasty, nasty)
    assert page.evaluate("window.taken") is None
    assert page.complaints == []


#: A website that is strict with itself and allows one script of somebody else's.
STRANGER = """<!doctype html><html lang="en"><title>My website</title><style>a {{ color: red; font-size: 9px }}</style>
<main><h1>My salon</h1><p id="here">{snippet}</p></main></html>"""


@pytest.fixture
def elsewhere(site, open_page):
    """`elsewhere(html)`: a page on another website, a server of its own, that has `html` in it."""
    policy = f"default-src 'none'; script-src {site.url}; style-src 'unsafe-inline'"

    class Website(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Security-Policy", policy)
            self.end_headers()
            self.wfile.write(STRANGER.format(snippet=self.server.snippet).encode())

        def log_message(self, *args):
            pass

    def visit(html):
        server.snippet = html
        page = open_page()
        page.goto(f"http://mysalon.localhost:{server.server_port}/")
        return page

    with ThreadingHTTPServer(("127.0.0.1", 0), Website) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield visit
        server.shutdown()


@pytest.mark.parametrize("way", ["script", "button"])
def test_the_button_opens_the_booking_page_from_another_website(site, elsewhere, violations, way):
    from bookings import embed

    page = elsewhere(getattr(embed.snippet(site.salon), way))
    button = page.locator("#here").get_by_role("link", name="Book a visit")
    look = button.evaluate("a => [getComputedStyle(a).backgroundColor, getComputedStyle(a).fontSize]")
    height, wrong = button.bounding_box()["height"], violations(page)
    with page.context.expect_page() as opened:
        button.click()
    opened.value.wait_for_load_state()

    assert look == ["rgb(124, 63, 88)", "16px"]
    assert height >= 44
    assert wrong == []
    assert opened.value.url == f"{site.url}/"
    assert opened.value.evaluate("window.opener") is None


def test_the_button_floats_in_the_corner_and_says_what_it_is_told(site, elsewhere):
    page = elsewhere(f'<script src="{site.url}/embed.js" async data-place="corner" data-label="Termin"></script>')

    button = page.get_by_role("link", name="Termin")
    box = button.bounding_box()

    assert (box["x"] + box["width"], box["y"] + box["height"]) == (390 - 16, 844 - 16)


def test_staff_copy_the_snippet(site, open_page, client_for, member, violations):
    from bookings import embed

    browser = client_for(site.salon, member("admin"))
    page = open_page(permissions=["clipboard-read", "clipboard-write"])
    page.context.add_cookies([{"name": "sessionid", "value": browser.cookies["sessionid"].value, "url": site.url}])

    page.goto(f"{site.url}/admin/website/")
    page.get_by_role("button", name="Copy the line").click()
    page.get_by_role("button", name="Copied").wait_for()

    assert page.evaluate("navigator.clipboard.readText()") == embed.snippet(site.salon).script
