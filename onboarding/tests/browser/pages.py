"""How the wizard's pages are looked at."""

import pytest

SCRIPTS = pytest.mark.parametrize("scripts", [True, False], ids=("scripts", "no scripts"))


def press(page, name):
    page.get_by_role("button", name=name).click()
