"""The only module that asks other people's servers for a calendar. Where those may be, `tenants.outside` judges."""

from urllib.parse import urljoin

from feeds.reading import MOST_BYTES
from tenants.outside import Refused, Unreachable, calling, target_of

__all__ = ["Refused", "Unreachable", "fetch", "plain"]

TIMEOUT_SECONDS = 20.0
#: Calendars are moved about by their makers; each place is looked at like the first.
MOST_MOVES = 3
MOVED = (301, 302, 303, 307, 308)
GONE = (401, 403, 404, 410)
HEADERS = {"Accept": "text/calendar", "Accept-Encoding": "identity", "User-Agent": "Tithi-Calendars/1"}


def plain(url):
    """An address as it is called: `webcal://` is https by another name. Raises Refused."""
    url = url.strip()
    scheme, found, rest = url.partition("://")
    url = f"https://{rest}" if found and scheme.lower() in ("webcal", "webcals") else url
    target_of(url)
    return url


def fetch(url):
    """The bytes of the calendar at an address. Raises Refused, Unreachable."""
    for _ in range(MOST_MOVES + 1):
        with calling(url, seconds=TIMEOUT_SECONDS) as call:
            status, headers, body = call.ask("GET", None, HEADERS, most=MOST_BYTES + 1)
        if status not in MOVED:
            break
        url = _led_to(url, headers.get("Location", ""))
    else:
        raise Refused("The address leads from one place to the next.")
    if status in GONE:
        raise Refused(f"The address opens no calendar (it answers {status}). Copy it again from the other calendar.")
    if status != 200:
        raise Unreachable(f"The other calendar answers {status}.")
    return body


def _led_to(url, where):
    try:
        return urljoin(url, where)
    except ValueError as exc:
        raise Refused("The address leads to something that is no address.") from exc
