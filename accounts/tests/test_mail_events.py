"""What the mail provider says of a mail about an account."""

import base64
from datetime import UTC, datetime

from accounts.models import AccountMessage
from messaging import links

NOW = datetime(2027, 3, 1, 12, 0, tzinfo=UTC)


def test_a_mail_about_an_account_that_came_back_says_so(settings, platform_client):
    settings.EMAIL_PROVIDER, settings.ANYMAIL = "postmark", {"WEBHOOK_SECRET": "tithi:s3cret"}
    row = AccountMessage.objects.create(dedupe_key="x", kind="code", recipient="ann@example.com", text="Hi", due_at=NOW)
    body = {
        "RecordType": "Bounce",
        "Type": "HardBounce",
        "MessageID": "b7bc2f4a-e38e-4336-af7d-e6c392c2f817",
        "Email": "ann@example.com",
        "BouncedAt": "2026-11-05T16:34:54Z",
        "Details": "550 5.1.1",
        "Metadata": links.event_metadata(row),
    }
    headers = {"HTTP_AUTHORIZATION": "Basic " + base64.b64encode(b"tithi:s3cret").decode()}

    answer = platform_client.post("/mail/events/postmark/", body, content_type="application/json", **headers)

    row.refresh_from_db()
    assert (answer.status_code, row.delivery, row.delivery_detail) == (200, "bounced", "550 5.1.1")
