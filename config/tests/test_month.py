"""A small month of messages in every run: the judge must find the product right, and a wrong sender wrong (`make chaos`)."""

import json
import subprocess
import sys

import pytest

from config.chaos import month, sink
from config.local import paths

pytestmark = pytest.mark.slow


def lived(tmp_path, *args):
    """(exit code, name → result) of a month with its own database, workers, clock and mail server."""
    found = tmp_path / "month.json"
    command = [sys.executable, "manage.py", "chaos", "messages", "--json", str(found), *args]
    done = subprocess.run(command, cwd=paths.ROOT, capture_output=True, text=True, timeout=900)
    assert found.exists(), done.stderr[-3000:]
    return done.returncode, {result["name"]: result for result in json.loads(found.read_text())}


def unmet(results):
    return [name for name, result in results.items() if result["met"] is False]


def test_everything_leaves_once_though_workers_are_killed(tmp_path):
    """In so small a month one message that left twice would be more than one of a thousand: it is only recorded."""
    code, results = lived(tmp_path, "--salons", "4", "--visits", "6", "--kills", "5")

    assert set(unmet(results)) <= {month.RATE}
    assert code == bool(unmet(results))
    assert results["processes killed"]["value"] == 5
    assert results["receipts"]["value"] > 0
    assert results["messages sent"]["value"] >= 24


def test_a_sender_without_claims_is_caught(tmp_path):
    code, results = lived(tmp_path, "--control", "--salons", "4", "--visits", "6", "--kills", "0")

    assert code == 0
    assert "… without `repeats` saying so" in unmet(results)


def test_the_mail_server_counts_what_it_took_before_it_says_so(tmp_path):
    import smtplib
    import threading

    with sink.Sink(0, tmp_path / "taken") as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        with smtplib.SMTP(*server.server_address) as client:
            client.sendmail("a@b.example", ["ann@c.example"], "X-Entity-Ref-ID: 1\nMessage-ID: <1@x>\n\n.dots\n")
        server.shutdown()

    assert sink.taken(tmp_path / "taken") == [{"id": "1", "name": "<1@x>", "to": ["ann@c.example"]}]
