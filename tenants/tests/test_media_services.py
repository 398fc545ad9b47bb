"""What is kept of an uploaded picture, and what is refused."""

from io import BytesIO

import pytest
from PIL import Image

from tenants import media_services
from tenants.tests.pictures import REFUSED, png


def test_a_picture_is_drawn_anew_within_its_size():
    drawn = Image.open(BytesIO(media_services.redraw(png(size=(1000, 500)), (512, 512))))

    assert (drawn.format, drawn.size) == ("WEBP", (512, 256))


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_picture_is_refused(name):
    with pytest.raises(media_services.ImageRefused):
        media_services.redraw(REFUSED[name], (512, 512))
