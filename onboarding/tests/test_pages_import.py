"""Services from a file: nothing is written before the last press, and what is left out can be taken home."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django_tenants.utils import tenant_context

from bookings.models import Service, ServiceCategory
from bookings.services import catalogue
from bookings.tests.factories import make_member, make_service
from onboarding import queries
from tenants.tests.api import NO_STATIC

pytestmark = NO_STATIC
PAGE = "/onboarding/services/import/"
GOOD = "service,duration,price,category,description\nCut,45,$65.00,Hair,Washing too\nTrim,0:30,40,Hair,\n"
MIXED = GOOD + "Colour,soon,95,Hair,=cmd\nTrim,30,40,hair,\n"


@pytest.fixture
def browser(client_for, newcomer):
    return client_for(None, newcomer)


@pytest.fixture
def inside(opened):
    with tenant_context(opened.business):
        make_member("Mara")
        yield opened


def upload(browser, text, name="services.csv"):
    data = text if isinstance(text, bytes) else text.encode()
    return browser.post(PAGE, {"file": SimpleUploadedFile(name, data)})


def hidden(page, name):
    return re.search(rf'name="{name}" value="([^"]*)"', page.text)[1]


def sent(page, **more):
    """What the page's form sends: the file, what was shown, and its columns as they are chosen."""
    columns = re.findall(r'<select name="(column-\w+)".*?</select>', page.text, re.S)
    values = {}
    for name in columns:
        field = re.search(rf'<select name="{name}".*?</select>', page.text, re.S)[0]
        chosen = re.search(r'<option value="(\w*)" selected', field)
        values[name] = chosen[1] if chosen else ""
    return values | {"packed": hidden(page, "packed"), "shown": hidden(page, "shown")} | more


def names():
    return list(Service.objects.order_by("sort_order").values_list("name", flat=True))


def test_a_look_writes_nothing(browser, inside):
    page = upload(browser, MIXED)

    assert "2 services to be added" in page.text
    assert "2 lines to be left out" in page.text
    assert "“soon” is not a length." in page.text
    assert "Left out: it is in line 3 already." in page.text
    assert "Add 2 services" in page.text
    assert names() == []
    assert not ServiceCategory.objects.exists()


def test_the_press_adds_the_good_lines_and_finishes_the_step(browser, inside):
    done = browser.post(PAGE, sent(upload(browser, MIXED), **{"import": "1"}))

    assert "2 services added" in done.text
    assert "2 lines left out" in done.text
    cut = Service.objects.get(name="Cut")
    assert (cut.category.name, cut.duration_min, cut.price_cents, cut.description) == ("Hair", 45, 6500, "Washing too")
    assert [own.team_member.first_name for own in cut.assignments.all()] == ["Mara"]
    assert names() == ["Cut", "Trim"]
    assert queries.progress_of(inside.business).completed_steps == [1, 2, 6]


def test_the_same_import_again_adds_nothing(browser, inside):
    page = sent(upload(browser, GOOD), **{"import": "1"})
    browser.post(PAGE, page)

    again = browser.post(PAGE, page)

    assert "Nothing was added" in again.text
    assert "it is on your menu already" in again.text
    assert names() == ["Cut", "Trim"]


def test_the_lines_left_out_come_as_a_file_without_formulas(browser, inside):
    done = browser.post(PAGE, sent(upload(browser, MIXED), **{"import": "1"}))

    answer = browser.post(PAGE, {"problems": hidden(done, "problems")})

    assert answer["Content-Disposition"] == 'attachment; filename="services-to-correct.csv"'
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.content.decode("utf-8-sig").splitlines() == [
        "service,duration,price,category,description,problem",
        'Colour,soon,95,Hair,\'=cmd,"“soon” is not a length. Write minutes like 45, or hours like 1:30."',
        "Trim,30,40,hair,,Left out: it is in line 3 already.",
    ]


def test_columns_nobody_knows_are_asked_for(browser, inside):
    page = upload(browser, "was,wie lange;wieviel\n".replace(";", ",") + "Cut,45,65\n")
    assert "Say which column is which." in page.text
    assert "Add 1 service" not in page.text

    chosen = {"column-name": "0", "column-duration_min": "1", "column-price_cents": "2"}
    looked = browser.post(PAGE, sent(page) | chosen | {"look": "1"})
    assert "1 service to be added" in looked.text
    assert names() == []

    browser.post(PAGE, sent(looked, **{"import": "1"}))
    assert names() == ["Cut"]


def test_a_needed_column_is_missed_with_a_sentence(browser, inside):
    page = sent(upload(browser, GOOD), **{"column-price_cents": "", "import": "1"})

    assert "Say which column has it: price." in browser.post(PAGE, page).text
    assert names() == []


def test_what_was_not_looked_at_is_not_imported(browser, inside):
    """Other columns are chosen, and Import pressed at once: the result is shown first."""
    page = sent(upload(browser, GOOD), **{"column-description": "0", "import": "1"})

    looked = browser.post(PAGE, page)

    assert "Look at the result once more" in looked.text
    assert names() == []
    browser.post(PAGE, sent(looked, **{"import": "1"}))
    assert Service.objects.get(name="Cut").description == "Cut"


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "The file is empty."),
        (b"\x89PNG\0\0", "This is not a CSV file."),
        (b"a\n" * 502, "more than 500 lines"),
        (b"a\n" + b"b" * 1024 * 1024, "larger than 1 MB"),
        (b'name,minutes\n"open,5\n', "quotation mark"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused(browser, inside, data, sentence):
    page = upload(browser, data)

    assert sentence in page.text
    assert '<a href="#id_file">' in page.text


def test_without_a_file_there_is_a_sentence(browser, inside):
    assert "Please choose a file." in browser.post(PAGE, {}).text


@pytest.mark.parametrize("packed", ["", "nonsense", "eJw:abc:def"])
def test_what_we_did_not_sign_is_not_read(browser, inside, packed):
    page = browser.post(PAGE, sent(upload(browser, GOOD), packed=packed, **{"import": "1"}))

    assert "The file has waited too long." in page.text
    assert names() == []
    assert browser.post(PAGE, {"problems": packed}).status_code == 404


def test_a_file_is_for_the_salon_it_was_shown_in(browser, client_for, owner, inside, rosa):
    page = sent(upload(browser, GOOD), **{"import": "1"})

    elsewhere = client_for(None, owner).post(PAGE, page | {"salon": rosa.pk})

    assert "The file has waited too long." in elsewhere.text
    with tenant_context(rosa):
        assert not Service.objects.filter(name="Trim").exists()


def test_text_of_a_file_is_text(browser, inside):
    page = upload(browser, "name,minutes,price\n<script>alert(1)</script>,45,65\n")

    assert "<script>alert" not in page.text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page.text


def test_a_full_menu_takes_as_many_as_fit(browser, inside, monkeypatch):
    monkeypatch.setattr(catalogue, "MOST_SERVICES", 2)
    make_service("There")

    done = browser.post(PAGE, sent(upload(browser, GOOD), **{"import": "1"}))

    assert "1 service added" in done.text
    assert "There are 2 services already" in done.text
    assert sorted(names()) == ["Cut", "There"]
