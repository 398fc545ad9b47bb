"""A salon's design in its mails, where neither custom properties nor web fonts are known."""

from functools import lru_cache

from django import template

from tenants import branding
from tenants.branding import SCHEMES

register = template.Library()

#: The nearest to each type face that machines have of themselves.
FONTS = {
    "sans": '"Avenir Next", Avenir, "Segoe UI", "Helvetica Neue", Arial, sans-serif',
    "serif": 'Palatino, "Palatino Linotype", "Book Antiqua", Georgia, serif',
    "rounded": '"SF Pro Rounded", "Arial Rounded MT Bold", "Trebuchet MS", Arial, sans-serif',
}


@register.simple_tag
def look_of(business):
    """Colours for light and dark, readable whatever was chosen, the fonts, and the logo's address where there is one."""
    logo = business.shown_logo
    return {
        **_colors(business.primary_color, business.secondary_color),
        "text_font": FONTS["rounded" if business.font == "rounded" else "sans"],
        "title_font": FONTS[business.font],
        "logo": business.url + logo.url if logo else "",
    }


@lru_cache(maxsize=2000)
def _colors(primary, secondary):
    """Scheme → token → colour. Looked for once: a mail is written while somebody waits for a booking."""
    return {scheme: _named(branding.tokens(scheme=scheme, primary=primary, secondary=secondary)) for scheme in SCHEMES}


def _named(tokens):
    return {name.replace("-", "_"): value for name, value in tokens.items()}
