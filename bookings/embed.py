"""A button for the salon's own website: as plain HTML, or as a script that keeps up with the brand. Pure.

Both open the booking page in a tab of its own; why not in a frame: docs/decisions/0024-embedding.md.
"""

import json
from dataclasses import dataclass

from django.utils.html import escape

from tenants import branding

LABEL = "Book a visit"
#: Everything a strange style sheet could have said otherwise, so that the button looks the same everywhere.
STYLE = {
    "display": "inline-block",
    "box-sizing": "border-box",
    "min-height": "48px",
    "padding": "12px 24px",
    "border": "1px solid transparent",
    "border-radius": "999px",
    "font": "600 16px/22px system-ui,sans-serif",
    "letter-spacing": "normal",
    "text-align": "center",
    "text-decoration": "none",
    "text-transform": "none",
}


@dataclass(frozen=True, slots=True)
class Snippet:
    """What an owner copies: `button` is HTML alone, `script` a line that asks us, `link` the bare address."""

    link: str
    button: str
    script: str


def snippet(business, *, label=LABEL):
    """The salon's Snippet. Words are escaped in it; what shows it escapes it once more, for it is text there."""
    link = f"{business.url}/"
    style = ";".join(f"{name}:{value}" for name, value in style_of(business).items())
    button = (
        f'<a href="{escape(link)}" target="_blank" rel="noopener" style="{escape(style)}"'
        f' title="{escape(_title(business))}">{escape(label)}</a>'
    )
    extra = f' data-label="{escape(label)}"' if label != LABEL else ""
    script = f'<script src="{escape(link)}embed.js" async{extra}></script>'
    return Snippet(link=link, button=button, script=script)


def style_of(business):
    """The button's declarations, readable whatever colour the salon has."""
    color = business.primary_color.lower()
    return {**STYLE, "background": color, "color": branding.text_on(color)}


def settings_json(business):
    """What the script has to know, as JSON that is safe within a script."""
    said = {
        "link": f"{business.url}/",
        "label": LABEL,
        "title": _title(business),
        "style": style_of(business),
    }
    text = json.dumps(said)
    for char in "<>&":
        text = text.replace(char, f"\\u{ord(char):04x}")
    return text


def _title(business):
    return f"Book online at {business.name}, opens in a new tab"
