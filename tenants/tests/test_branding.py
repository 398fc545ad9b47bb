import re
from pathlib import Path

import pytest
from django.conf import settings
from hypothesis import example, given
from hypothesis import strategies as st

from tenants import branding
from tenants.models import Font

colors = st.integers(min_value=0, max_value=0xFFFFFF).map(lambda value: f"#{value:06x}")
schemes = pytest.mark.parametrize("scheme", branding.SCHEMES)
SURFACES = ("paper", "surface", "tint", "second-tint")
TOKENS = (Path(settings.BASE_DIR) / "frontend/css/tokens.css").read_text()


def declared(css):
    """The custom properties of each scheme in the hand-written defaults."""
    light, dark = css.split("@media (prefers-color-scheme: dark)")
    return {
        name: dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", part))
        for name, part in (("light", light), ("dark", dark))
    }


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("#000000", "#ffffff", 21.0),
        ("#ffffff", "#ffffff", 1.0),
        ("#767676", "#ffffff", 4.54),
        ("#0000ff", "#ffffff", 8.59),
    ],
)
def test_contrast_is_wcags(one, other, ratio):
    assert round(branding.contrast(one, other), 2) == ratio


@schemes
@given(primary=colors, secondary=st.one_of(st.just(""), colors))
@example(primary="#000000", secondary="#ffffff")
@example(primary="#ffffff", secondary="#000000")
@example(primary="#ffff00", secondary="")
@example(primary="#767676", secondary="#777777")
def test_any_brand_stays_readable(scheme, primary, secondary):
    tokens = branding.tokens(scheme=scheme, primary=primary, secondary=secondary)
    fixed = declared(TOKENS)[scheme]

    for surface in SURFACES:
        for text in ("ink", "muted", "brand-ink", "second-ink"):
            assert branding.contrast(tokens[text], tokens[surface]) >= 4.5, (text, surface)
        for boundary in ("edge", "brand-edge"):
            assert branding.contrast(tokens[boundary], tokens[surface]) >= 3, (boundary, surface)
    for fill in ("brand", "brand-hover"):
        assert branding.contrast(tokens["on-brand"], tokens[fill]) >= 4.5, fill
    for status in ("good", "warn", "bad"):
        assert branding.contrast(fixed[status], tokens["surface"]) >= 4.5, status
        assert branding.contrast(fixed[status], tokens["paper"]) >= 4.5, status


@schemes
def test_default_tokens_are_readable(scheme):
    tokens = declared(TOKENS)[scheme]

    for surface in SURFACES:
        for text in ("ink", "muted", "brand-ink", "second-ink"):
            assert branding.contrast(tokens[text], tokens[surface]) >= 4.5, (text, surface)
    for status in ("good", "warn", "bad"):
        for text in (status, "ink", "muted"):
            assert branding.contrast(tokens[text], tokens[f"{status}-tint"]) >= 4.5, (text, status)
    assert branding.contrast(tokens["on-brand"], tokens["brand"]) >= 4.5


@schemes
@given(primary=colors)
def test_status_notices_stay_readable_under_any_brand(scheme, primary):
    tokens = branding.tokens(scheme=scheme, primary=primary)
    fixed = declared(TOKENS)[scheme]

    for status in ("good", "warn", "bad"):
        assert branding.contrast(tokens["ink"], fixed[f"{status}-tint"]) >= 4.5, status


@schemes
@given(primary=colors, secondary=colors)
def test_a_brand_replaces_only_known_tokens(scheme, primary, secondary):
    tokens = branding.tokens(scheme=scheme, primary=primary, secondary=secondary)

    assert set(tokens) <= set(declared(TOKENS)[scheme])
    assert all(re.fullmatch("#[0-9a-f]{6}", value) for value in tokens.values())


def test_the_fill_is_the_brands_own_colour():
    assert branding.tokens(scheme="light", primary="#FFE066")["brand"] == "#ffe066"


def test_every_font_has_a_stack():
    assert set(branding.FONTS) == set(Font.values)
    assert all(f"--font-{font}:" in TOKENS for font in branding.FONTS)


@pytest.mark.parametrize("change", [{"primary": "#123456"}, {"secondary": "#123456"}, {"font": "serif"}])
def test_version_follows_the_style_sheet(change):
    brand = {"primary": "#7c3f58", "secondary": "", "font": "sans"}

    assert branding.version(**brand) == branding.version(**brand)
    assert branding.version(**brand) != branding.version(**brand | change)
