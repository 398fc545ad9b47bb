"""The button on a salon's own website."""

import json
import re

import pytest
from django.utils import timezone

from audit.models import AuditEntry
from bookings import embed
from bookings.services.profile import change_listing
from tenants import branding
from tenants.models import Business, BusinessStatus

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore:No directory at")]


def test_the_snippet_leads_to_the_own_salon_in_its_colour(rosa, nora):
    rosa.primary_color = "#FFE14D"

    snippet = embed.snippet(rosa)

    assert snippet.link == f"{rosa.url}/"
    assert f'<a href="{rosa.url}/" target="_blank" rel="noopener"' in snippet.button
    assert "background:#ffe14d;color:#000000" in snippet.button
    assert snippet.script == f'<script src="{rosa.url}/embed.js" async></script>'
    assert nora.slug not in snippet.button + snippet.script


def test_the_snippet_escapes_every_word(rosa):
    rosa.name = '"><script>alert(1)</script>'

    snippet = embed.snippet(rosa, label='Book "now" <b>')

    assert "<script>" not in snippet.button
    assert snippet.button.endswith(">Book &quot;now&quot; &lt;b&gt;</a>")
    assert snippet.script.endswith('async data-label="Book &quot;now&quot; &lt;b&gt;"></script>')


@pytest.mark.parametrize("color", ["#000000", "#ffffff", "#777777", "#ff0000", "#00ff00", "#7c3f58"])
def test_the_button_is_readable_on_any_colour(rosa, color):
    rosa.primary_color = color

    style = embed.style_of(rosa)

    assert branding.contrast(style["background"], style["color"]) >= 4.5


def test_the_script_knows_its_salon_and_is_made_for_other_websites(salon_client, rosa):
    answer = salon_client.get("/embed.js")
    told = json.loads(re.search(r"\}\)\((.+)\)\n\Z", answer.text)[1])

    assert answer["Content-Type"] == "text/javascript; charset=utf-8"
    assert answer["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert (answer["Cache-Control"], answer.cookies) == ("public, max-age=300", {})
    assert (told["link"], told["style"]["background"]) == (f"{rosa.url}/", rosa.primary_color)


def test_the_script_carries_no_markup_of_the_owner(salon_client, rosa):
    Business.objects.filter(pk=rosa.pk).update(name="</script><script>alert(1)//")

    assert "<" not in salon_client.get("/embed.js").text.split("})(")[1]


@pytest.mark.parametrize("status", BusinessStatus)
def test_the_script_of_a_closed_salon_puts_up_no_button(salon_client, rosa, status):
    Business.objects.filter(pk=rosa.pk).update(status=status)

    answer = salon_client.get("/embed.js")

    assert (answer.status_code, answer["Content-Type"]) == (200, "text/javascript; charset=utf-8")
    assert ("createElement" in answer.text) == (status == BusinessStatus.ACTIVE)


def test_no_page_may_be_framed(salon_client):
    for path in ("/", "/embed.js", "/robots.txt"):
        answer = salon_client.get(path)
        assert answer["X-Frame-Options"] == "DENY"
        assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]


@pytest.mark.parametrize("role", ["viewer", "staff", "admin", "owner"])
def test_the_page_for_staff_shows_the_snippet_and_lets_managers_list_the_salon(client_for, member, rosa, role):
    browser, may = client_for(rosa, member(role)), role in ("admin", "owner")

    shown, pressed = browser.get("/admin/website/"), browser.post("/admin/website/", {"listed": "on"})

    assert (
        f"<pre><code>&lt;script src=&quot;{rosa.url}/embed.js&quot; async&gt;&lt;/script&gt;</code></pre>" in shown.text
    )
    assert ("List the salon in the directory" in shown.text) == may
    assert pressed.status_code == (302 if may else 403)
    assert Business.objects.get(pk=rosa.pk).is_public_directory == may


def test_strangers_do_not_get_the_page_for_staff(salon_client, client_for, member, nora, rosa):
    assert salon_client.get("/admin/website/").status_code == 302
    assert client_for(rosa, member("owner", nora)).get("/admin/website/").status_code == 404


def test_listing_pressed_twice_is_written_down_once(salon, owner):
    from audit import actors

    for _ in range(2):
        change_listing(business=salon, listed=True, by=actors.user(owner), now=timezone.now())

    [entry] = AuditEntry.objects.filter(action="salon.changed")
    assert (entry.before, entry.after) == ({"is_public_directory": False}, {"is_public_directory": True})
    assert salon.is_public_directory
