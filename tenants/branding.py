"""A salon's colours as design tokens, readable whatever colour was chosen.

Pure: colours in, custom properties out. A brand replaces the tokens of `frontend/css/tokens.css` and nothing else.
Every text token has at least 4.5:1 on every surface it is used on, every boundary that carries meaning 3:1.
"""

import hashlib

TEXT = 4.5
BOUNDARY = 3.0
WHITE, BLACK = "#ffffff", "#000000"

#: scheme → (page, raised surface, text, quieter text, where "more readable" lies, share of brand colour in surfaces)
SCHEMES = {
    "light": ("#faf8f5", "#ffffff", "#211d1f", "#645d60", BLACK, 0.03),
    "dark": ("#141214", "#1d1a1d", "#f4f0f1", "#b3abae", WHITE, 0.05),
}
FONTS = ("sans", "serif", "rounded")


def stylesheet(*, primary, secondary="", font="sans"):
    """The brand's style sheet: tokens for light, then for dark where the visitor prefers it."""
    light = {**tokens(scheme="light", primary=primary, secondary=secondary), "font-display": f"var(--font-{font})"}
    light["font-text"] = "var(--font-rounded)" if font == "rounded" else "var(--font-sans)"
    dark = tokens(scheme="dark", primary=primary, secondary=secondary)
    return f":root{{{_declare(light)}}}@media (prefers-color-scheme:dark){{:root{{{_declare(dark)}}}}}"


def version(*, primary, secondary="", font="sans"):
    """Changes whenever the style sheet would; goes into its address so that it can be cached for good."""
    return hashlib.sha256(stylesheet(primary=primary, secondary=secondary, font=font).encode()).hexdigest()[:12]


def tokens(*, scheme, primary, secondary=""):
    """Token → `#rrggbb` for one colour scheme."""
    paper, surface, ink, muted, readable_end, share = SCHEMES[scheme]
    primary, secondary = primary.lower(), (secondary or primary).lower()
    page = {
        "paper": mix(primary, paper, share),
        "surface": mix(primary, surface, 0 if scheme == "light" else share),
        "tint": mix(primary, surface, 0.07 if scheme == "light" else 0.16),
        "second-tint": mix(secondary, surface, 0.2 if scheme == "light" else 0.24),
    }
    surfaces = tuple(page.values())
    on_brand = text_on(primary)
    return page | {
        "ink": readable(mix(primary, ink, 0.06), surfaces, TEXT + 2.5, readable_end),
        "muted": readable(mix(primary, muted, 0.06), surfaces, TEXT, readable_end),
        "line": mix(primary, mix(ink, paper, 0.13), 0.08),
        "edge": readable(mix(paper, muted, 0.4), surfaces, BOUNDARY, readable_end),
        "brand": primary,
        "on-brand": on_brand,
        "brand-hover": mix(BLACK if on_brand == WHITE else WHITE, primary, 0.14),
        "brand-edge": readable(primary, surfaces, BOUNDARY, readable_end),
        "brand-ink": readable(primary, surfaces, TEXT, readable_end),
        "second-ink": readable(secondary, surfaces, TEXT, readable_end),
    }


def contrast(one, other):
    """WCAG contrast ratio of two colours, 1 to 21."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def text_on(color):
    """White where it is readable on `color`, else black, which then is."""
    return WHITE if contrast(WHITE, color) >= TEXT else BLACK


def mix(color, into, share):
    """`share` of `color` (0 to 1) in `into`, per channel."""
    pairs = zip(_channels(color), _channels(into), strict=True)
    return "#" + "".join(f"{round(a * share + b * (1 - share)):02x}" for a, b in pairs)


def readable(color, surfaces, ratio, towards):
    """The colour nearest to `color` on its way to `towards` that reaches `ratio` on every surface."""
    for percent in range(101):
        candidate = mix(towards, color, percent / 100)
        if all(contrast(candidate, surface) >= ratio for surface in surfaces):
            return candidate
    raise ValueError(f"no shade of {color} reaches {ratio}:1 on {surfaces}")


def _channels(color):
    return tuple(int(color[start : start + 2], 16) for start in (1, 3, 5))


def _luminance(color):
    linear = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (v / 255 for v in _channels(color)))
    return sum(weight * value for weight, value in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def _declare(values):
    return ";".join(f"--{name}:{value}" for name, value in values.items())
