"""The picture beside a shared link."""

import io
import re

import pytest
from PIL import Image, ImageChops

from bookings import share_image

TINTED, BRAND = (1150, 30), (1100, 560)


def drawn(**options):
    return Image.open(io.BytesIO(share_image.draw(**({"name": "Rosa", "place": "", "primary": "#1f4d3a"} | options))))


def inked(image):
    """The box of what is written beside the disc; None where there is nothing."""
    rgb = image.convert("RGB")
    ground = Image.new("RGB", rgb.size, rgb.getpixel(TINTED))
    difference = ImageChops.difference(rgb, ground)
    difference.paste(0, (870, 340, 1200, 630))  # the disc
    return difference.getbbox()


@pytest.mark.parametrize("font", ["sans", "serif", "rounded"])
def test_the_picture_has_the_size_the_networks_want_and_the_salons_colour(font):
    image = drawn(font=font)

    assert (image.format, image.size) == ("PNG", (1200, 630))
    assert image.convert("RGB").getpixel(BRAND) == (0x1F, 0x4D, 0x3A)
    assert inked(image) is not None


@pytest.mark.parametrize(
    "name",
    [
        "Maximiliane-Theodora Wolkenstein-Trostburg von und zu Rodank, Friseurmeisterin seit neunzehnhundertdreiundachtzig",
        "Haarverlängerungsbehandlungs",
        "I",
    ],
)
def test_a_name_of_any_length_fits(name):
    left, top, right, bottom = inked(drawn(name=name, place="Zürich, ZH"))

    assert (left >= 75, top >= 75, right <= 1000, bottom <= 600) == (True, True, True, True)


@pytest.mark.parametrize("name", ["美容室", "Салон", "   "])
def test_a_name_the_faces_cannot_write_is_left_out(name):
    assert inked(drawn(name=name)) is None


@pytest.mark.django_db
@pytest.mark.filterwarnings("ignore:No directory at")
def test_the_front_page_names_the_picture_of_its_own_salon(salon_client, other_client, rosa, nora):
    said = [
        re.search(r'property="og:image" content="([^"]+)"', client.get("/").text)[1]
        for client in (salon_client, other_client)
    ]
    answer = salon_client.get("/share.png")

    assert said == [f"{rosa.url}/share.png", f"{nora.url}/share.png"]
    assert (answer.status_code, answer["Content-Type"], answer.cookies) == (200, "image/png", {})
    assert answer["Cache-Control"] == "public, max-age=86400"
