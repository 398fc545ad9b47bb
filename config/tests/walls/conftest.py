import pytest

from config.tests.walls.canaries import Canary
from config.tests.walls.world import furnish
from tenants.tests.api import cheap_passwords

__all__ = ["cheap_passwords"]


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def there(nora):
    """The salon nobody here may learn anything about."""
    return furnish(
        nora,
        Canary("ZQKANARI", "\ua66e", "+3363998421", "#c4a5b1"),
        Canary("ZQPUBLIK", "\ua698", "+3363998431", "#c4a5b2"),
        Canary("ZQPERSON", "\ua69a", "+3363998441", "#c4a5b3"),
    )


@pytest.fixture
def here(rosa):
    """The salon whose addresses are asked, furnished like the other one with words of its own."""
    return furnish(
        rosa,
        Canary("QXFINCHQ", "\ua656", "+1212555017", "#17a5b1"),
        Canary("QXPUBLIQ", "\ua658", "+1212555018", "#17a5b2"),
        Canary("QXPERSOQ", "\ua65a", "+1212555019", "#17a5b3"),
    )
