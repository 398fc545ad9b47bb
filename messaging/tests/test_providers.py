"""One setting chooses the way out; what a provider answers decides whether a message is tried again."""

import json
import threading
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import environ
import pytest
from django.core.exceptions import ImproperlyConfigured

from messaging import links, providers, services
from messaging.models import MessageStatus

NOW = datetime(2027, 3, 1, 12, 0, tzinfo=UTC)


@pytest.fixture
def env(monkeypatch):
    """`env(EMAIL_PROVIDER="postmark")`: what is chosen in an environment that says this and nothing else."""

    def chosen(**values):
        monkeypatch.setattr(environ.Env, "ENVIRON", values)
        return providers.chosen(environ.Env())

    return chosen


@pytest.mark.parametrize("name", providers.PROVIDERS)
def test_every_provider_is_chosen_by_its_name_and_its_keys(env, name):
    keys = dict.fromkeys(providers.PROVIDERS[name].needs, "key")

    found, backend, anymail = env(EMAIL_PROVIDER=name, **keys)

    assert (found, backend) == (name, f"anymail.backends.{name}.EmailBackend")
    assert {key: anymail[key] for key in keys} == keys
    assert providers.tracking_view(name).__name__.endswith("TrackingWebhookView")


@pytest.mark.parametrize("name", providers.PROVIDERS)
def test_a_missing_key_is_named(env, name):
    needs = providers.PROVIDERS[name].needs

    with pytest.raises(ImproperlyConfigured) as caught:
        env(EMAIL_PROVIDER=name)

    assert str(caught.value) == f"EMAIL_PROVIDER is {name}: set {', '.join(needs)}, too."


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"EMAIL_PROVIDER": "pigeon"}, "EMAIL_PROVIDER is pigeon: choose one of smtp, "),
        ({"EMAIL_PROVIDER": "smtp"}, "EMAIL_PROVIDER is smtp: set EMAIL_URL, too."),
        ({"ANYMAIL_WEBHOOK_SECRET": "nothing"}, "ANYMAIL_WEBHOOK_SECRET is a name and a password"),
    ],
)
def test_what_leads_nowhere_is_said(env, values, sentence):
    with pytest.raises(ImproperlyConfigured) as caught:
        env(**values)

    assert str(caught.value).startswith(sentence)


def test_smtp_is_what_nothing_was_said_about(env):
    assert env()[:2] == ("smtp", "django.core.mail.backends.smtp.EmailBackend")


def test_every_variable_stands_in_the_example():
    from django.conf import settings

    example = (settings.BASE_DIR / ".env.example").read_text()

    named = {key for each in providers.PROVIDERS.values() for key in (*each.needs, *each.takes)}
    assert [key for key in named if f"\n{key}=" not in example] == []


class Answers(BaseHTTPRequestHandler):
    """Postmark's address for sending: keeps what it is asked, answers what it was told to."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.asked.append((self.path, self.headers["X-Postmark-Server-Token"], json.loads(body)))
        if self.server.answer == "hang up":
            self.close_connection = True
            return
        status, answer = self.server.answer
        content = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *args):
        """Nothing: the test says what it expects."""


@pytest.fixture
def postmark(settings):
    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    server.daemon_threads, server.asked = True, []
    server.answer = (200, accepted("ann@example.com"))
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    settings.EMAIL_PROVIDER, settings.EMAIL_BACKEND = "postmark", "anymail.backends.postmark.EmailBackend"
    settings.ANYMAIL = {
        "IGNORE_UNSUPPORTED_FEATURES": True,
        "POSTMARK_SERVER_TOKEN": "token-of-ours",
        "POSTMARK_API_URL": f"http://127.0.0.1:{server.server_port}/",
    }
    yield server
    server.shutdown()
    server.server_close()


def accepted(to):
    return {
        "ErrorCode": 0,
        "Message": "OK",
        "MessageID": "b7bc2f4a-e38e-4336-af7d-e6c392c2f817",
        "SubmittedAt": "2027-03-01T12:00:00.0000000-05:00",
        "To": to,
    }


INACTIVE = (
    "You tried to send to recipient(s) that have been marked as inactive. Found inactive addresses: ann@example.com. "
    "Inactive recipients are ones that have generated a hard bounce, a spam complaint, or a manual suppression."
)


def send(**changes):
    body = "BEGIN:VCALENDAR"
    message = services.queue(
        kind="hello",
        recipient="ann@example.com",
        reply_to="salon@example.com",
        subject="Hi",
        text="Hello",
        html="<p>Hello</p>",
        unsubscribe_url="https://rosa.example/unsubscribe/x/",
        attachments=[{"name": "visit.ics", "content_type": "text/calendar; method=REQUEST", "body": body}],
        now=NOW,
        **changes,
    )
    services.send_due(now=NOW)
    message.refresh_from_db()
    return message


def test_a_provider_gets_the_whole_message_and_its_name_for_it_is_kept(salon, postmark):
    message = send()

    [(path, token, asked)] = postmark.asked
    assert (path, token) == ("/email", "token-of-ours")
    assert (message.status, message.provider_id) == (MessageStatus.SENT, "b7bc2f4a-e38e-4336-af7d-e6c392c2f817")
    assert asked["From"].startswith(f'"{salon.name}" <') or asked["From"].startswith(f"{salon.name} <")
    assert (asked["To"], asked["ReplyTo"], asked["TextBody"].splitlines()[0]) == (
        "ann@example.com",
        "salon@example.com",
        "Hello",
    )
    headers = {each["Name"]: each["Value"] for each in asked["Headers"]}
    assert headers["Message-ID"].startswith(f"<{message.pk}@")
    assert headers["X-PM-KeepID"] == "true"
    assert headers["List-Unsubscribe"] == "<https://rosa.example/unsubscribe/x/>"
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert [(each["Name"], each["ContentType"]) for each in asked["Attachments"]] == [("visit.ics", "application/ics")]
    assert links.message_of(asked["Metadata"]) == (salon.schema_name, message.pk)
    assert all(len(value) <= 80 for value in asked["Metadata"].values()), "what Postmark takes"


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        ((422, {"ErrorCode": 300, "Message": "Invalid 'To' address: 'ann@example.com'."}), MessageStatus.DEAD),
        ((422, {"ErrorCode": 406, "Message": INACTIVE}), MessageStatus.DEAD),
        ((422, {"ErrorCode": 406, "Message": "In other words than these"}), MessageStatus.QUEUED),
        ((413, {"ErrorCode": 413, "Message": "Payload too large"}), MessageStatus.DEAD),
        ((401, {"ErrorCode": 10, "Message": "No Account or Server API tokens were supplied"}), MessageStatus.QUEUED),
        ((429, {"ErrorCode": 429, "Message": "Rate limit exceeded"}), MessageStatus.QUEUED),
        ((500, {"ErrorCode": 500, "Message": "Internal Server Error"}), MessageStatus.QUEUED),
        ((503, {}), MessageStatus.QUEUED),
    ],
)
def test_what_is_refused_for_good_is_given_up_and_all_else_is_tried_again(salon, postmark, answer, status):
    postmark.answer = answer

    assert send().status == status


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        ((504, {}), MessageStatus.UNCONFIRMED),
        ((503, {}), MessageStatus.QUEUED),
        ((429, {"ErrorCode": 429, "Message": "Rate limit exceeded"}), MessageStatus.QUEUED),
        ("hang up", MessageStatus.UNCONFIRMED),
    ],
)
def test_a_receipt_whose_answer_was_lost_waits_for_staff(salon, postmark, answer, status):
    postmark.answer = answer

    message = send(once=True)

    assert (message.status, len(postmark.asked)) == (status, 1)


def test_a_provider_that_is_away_is_asked_again(salon, postmark, settings):
    settings.ANYMAIL = settings.ANYMAIL | {"POSTMARK_API_URL": "http://127.0.0.1:9/"}

    message = send(once=True)

    assert (message.status, message.attempts) == (MessageStatus.QUEUED, 1)
