"""What a first view of a page weighs on the wire, as a browser that takes gzip and Brotli gets it."""

from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from django.utils import timezone

from config.bench import data, load, pages, server
from config.bench.results import Result

KILO = 1024
REFERENCES = {"link": "href", "script": "src", "img": "src", "source": "src", "iframe": "src"}
FETCHED_LINKS = {"stylesheet", "icon", "preload", "modulepreload", "manifest"}


def run(*, quick=False):
    """Yield the results. `quick` changes nothing here."""
    salon = data.open_salon("weights", now=timezone.now(), bookings=500)
    with server.serving() as running:
        for path, name in pages.paths(salon).items():
            yield from _view(running, running.host_of(salon.business), path, name)


class _Page(HTMLParser):
    """The addresses a browser fetches for a page, in order, each once."""

    def __init__(self, html):
        super().__init__()
        self.found = {}
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        address = attributes.get(REFERENCES.get(tag))
        wanted = tag != "link" or FETCHED_LINKS & set((attributes.get("rel") or "").split())
        if address and wanted and not address.startswith("data:"):
            self.found[address] = tag


def _view(running, host, path, name):
    page = _fetch(running, host, path)
    weights = {"HTML": len(page.body), "CSS": 0, "JS": 0, "images": 0, "fonts": 0}
    strangers, base = set(), f"http://{host}{path}"
    addresses = list(_Page(load.decoded(page).decode()).found)
    for address in addresses:
        url = urlsplit(urljoin(base, address))
        if url.netloc != host:
            strangers.add(url.netloc)
            continue
        answer = _fetch(running, host, url.path + (f"?{url.query}" if url.query else ""))
        weights[_kind(answer)] += len(answer.body)
    for kind, budget in (("HTML", 20), ("CSS", 15), ("JS", 30), ("images", 150), ("fonts", None)):
        yield Result(f"weights: {name}, {kind}", weights[kind] / KILO, "KB", at_most=budget)
    yield Result(f"weights: {name}, requests", 1 + len(addresses), "requests", at_most=12)
    yield Result(f"weights: {name}, other hosts", len(strangers), "hosts", at_most=0)


def _fetch(running, host, path):
    [answer] = running.send([load.get(path, host=host, accept_encoding="gzip, br")], connections=1)
    if answer.status != 200:
        raise RuntimeError(f"{path}: {answer.status}")
    return answer


def _kind(answer):
    kind = answer.headers["content-type"]
    for sign, name in (("css", "CSS"), ("javascript", "JS"), ("image/", "images"), ("font/", "fonts")):
        if sign in kind:
            return name
    raise RuntimeError(f"a page fetches {kind}")
