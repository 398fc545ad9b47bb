"""Ready colours for a salon, and colours as people write them. Pure."""

import re

#: (colour, what it is called)
READY = (
    ("#7c3f58", "Plum"),
    ("#b0476b", "Rose"),
    ("#a04a5a", "Berry"),
    ("#b4532f", "Terracotta"),
    ("#c58b1c", "Amber"),
    ("#7a5145", "Cocoa"),
    ("#56734f", "Sage"),
    ("#3f6b5c", "Pine"),
    ("#2f6690", "Lake"),
    ("#2f4858", "Ink"),
    ("#6d5a9c", "Violet"),
    ("#33333f", "Charcoal"),
)
LONG, SHORT = re.compile(r"#?([0-9a-f]{6})"), re.compile(r"#?([0-9a-f]{3})")


def read(text):
    """`7C3F58`, `#7c3f58` or `#abc` as `#rrggbb`; None for what is no colour."""
    text = text.strip().lower()
    if found := LONG.fullmatch(text):
        return f"#{found[1]}"
    if found := SHORT.fullmatch(text):
        return "#" + "".join(digit * 2 for digit in found[1])
    return None


def nth(number):
    """A ready colour for the nth of several things, so that neighbours differ."""
    return READY[number * 5 % len(READY)][0]
