"""The local environment's outbox: mails and texts together, newest first, with everything in them, for looking at."""

import json
from datetime import UTC, datetime

import pytest

from messaging import services

NOW = datetime(2027, 3, 1, 12, 0, tzinfo=UTC)


@pytest.fixture
def kept(settings, tmp_path, salon):
    """Two mails and a text between them."""
    settings.EMAIL_BACKEND = "messaging.local_mail.RecordingBackend"
    settings.EMAIL_FILE_PATH, settings.TEXT_FILE_PATH = tmp_path / "mail", tmp_path / "texts"
    settings.TEXT_FILE_PATH.mkdir()
    for recipient in ("ann@example.com", "bob@example.com"):
        services.queue(
            kind="hello",
            recipient=recipient,
            subject=f"For {recipient}",
            text="Hello there",
            html="<p>Hello <b>there</b></p>",
            attachments=[
                {"name": "visit.ics", "content_type": "text/calendar; method=REQUEST", "body": "BEGIN:VCALENDAR"},
                {"name": "a.pdf", "content_type": "application/pdf", "body": "JVBERi0=", "encoding": "base64"},
            ],
            now=NOW,
        )
    services.send_due(now=NOW)
    first, second = sorted(settings.EMAIL_FILE_PATH.glob("*.eml"))
    between = f"{first.name[:21]}5-text.json"
    (settings.TEXT_FILE_PATH / between).write_text(json.dumps({"to": "+12125550142", "body": "See you soon"}))
    return first.name, second.name


def test_everything_stands_in_one_list(salon_client, kept):
    page = salon_client.get("/dev/outbox/").text

    assert page.index("For bob@example.com") < page.index("See you soon") < page.index("For ann@example.com")


@pytest.mark.parametrize(
    ("to", "found"), [("ANN@", ["ann"]), ("bob@example.com", ["bob"]), ("5550142", ["soon"]), ("nobody", [])]
)
def test_it_is_narrowed_to_a_recipient(salon_client, kept, to, found):
    page = salon_client.get("/dev/outbox/", {"to": to}).text.split("</form>")[1]

    words = {"ann": "For ann@", "bob": "For bob@", "soon": "See you soon"}
    assert [key for key, text in words.items() if text in page] == found


def test_a_mail_shows_all_of_itself(salon_client, kept):
    page = salon_client.get(f"/dev/outbox/{kept[0]}/").text

    for words in ("Hello there", "X-Entity-Ref-ID", "visit.ics", "a.pdf", "BEGIN:VCALENDAR", "text/calendar"):
        assert words in page


def test_files_are_downloaded_as_they_were(salon_client, kept):
    files = [salon_client.get(f"/dev/outbox/{kept[0]}/files/{number}/") for number in range(4)]

    assert [answer.status_code for answer in files] == [200, 200, 200, 404]
    assert files[2].content == b"%PDF-"
    assert files[2]["Content-Disposition"] == 'attachment; filename="a.pdf"'
    assert {answer["Content-Type"] for answer in files[:3]} == {"application/octet-stream"}


@pytest.mark.parametrize("name", ["../../etc/passwd", "x.eml", "20270301T120000000000-abcdef.eml"])
def test_nothing_else_is_read(salon_client, kept, name):
    assert salon_client.get(f"/dev/outbox/{name}/").status_code == 404
