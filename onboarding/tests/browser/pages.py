"""How the wizard's pages are looked at."""

import pytest

from config.testing_browser import DESK, PHONE

LOOKS = pytest.mark.parametrize(
    ("viewport", "scheme"),
    [(PHONE, "light"), (PHONE, "dark"), (DESK, "light"), (DESK, "dark")],
    ids=("phone light", "phone dark", "desk light", "desk dark"),
)
SCRIPTS = pytest.mark.parametrize("scripts", [True, False], ids=("scripts", "no scripts"))


def press(page, name):
    page.get_by_role("button", name=name).click()
