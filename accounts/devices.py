"""What people call the thing they are signed in on, from what its browser says of itself."""

#: The first that fits: every browser also names others.
BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("CrOS", "ChromeOS"),
    ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
)
UNKNOWN = "A browser"


def describe(agent):
    """“Firefox on Windows”; “A browser” where nothing is recognised."""
    browser, system = _first(BROWSERS, agent), _first(SYSTEMS, agent)
    return f"{browser or UNKNOWN} on {system}" if system else browser or UNKNOWN


def _first(names, agent):
    return next((name for mark, name in names if mark in agent), "")
