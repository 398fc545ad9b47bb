"""What a browser opens: the script, its frames, and the hosted pages."""

import mimetypes
import re
from functools import cache
from html import escape
from pathlib import Path
from string import Template
from urllib.parse import parse_qs

from .wire import Reply

STATIC = Path(__file__).parent / "static"
# The order in which the parts of the browser script are joined.
_SCRIPT = ("transport.js", "element.js", "challenge.js", "stripe.js")
# No form-action: hosted forms end in a redirect to the shop, which that directive would forbid.
_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'"
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}
_PAGES = []


def page(method, pattern):
    """Register `handler(world, request, *groups) -> Reply` for a path pattern."""

    def register(handler):
        _PAGES.append((method, re.compile(pattern + r"\Z"), handler))
        return handler

    return register


def answer(world, request):
    """The reply of the page at this path, or None when there is none."""
    for method, pattern, handler in _PAGES:
        match = pattern.match(request.path)
        if match and method == request.method:
            return handler(world, request, *match.groups())
    return None


class Markup(str):
    """HTML that was put together here and is not escaped again."""


def render(template, /, status=200, **values):
    """An HTML page out of a template file; every value is escaped."""
    return Reply.html(status, fragment(template, **values), _HEADERS)


def fragment(template, /, **values):
    """A piece of a page out of a template file; every value is escaped that is not Markup."""
    safe = {key: value if isinstance(value, Markup) else escape(str(value)) for key, value in values.items()}
    return Markup(Template(_text(template)).substitute(safe))


def read_form(request):
    """The fields of a sent form, trimmed."""
    return {name: values[0].strip() for name, values in parse_qs(request.text()).items()}


def joined(pieces):
    return Markup("\n".join(pieces))


@cache
def _text(name):
    return (STATIC / name).read_text()


@page("GET", r"/v3/?")
def script(world, request):
    joined = "\n".join(_text(f"script/{name}") for name in _SCRIPT)
    return _file("text/javascript", f"(() => {{\n'use strict';\n{joined}\n}})();\n")


@page("GET", r"/v3/elements/card")
def card_frame(world, request):
    return render("card.html")


@page("GET", r"/v3/static/([a-z]+\.(?:css|js|svg))")
def static_file(world, request, name):
    if not (STATIC / name).is_file():
        return None
    return _file(mimetypes.guess_type(name)[0], _text(name))


def _file(kind, text):
    headers = {
        "Content-Type": f"{kind}; charset=utf-8",
        "Cache-Control": "no-cache",
        "X-Content-Type-Options": "nosniff",
    }
    return Reply(200, text.encode(), headers)
