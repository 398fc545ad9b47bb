"""A drawn logo for a demo salon: no picture files in the repository."""

from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

SIZE = 256


def draw(letters, color):
    """A round mark with a letter, as PNG bytes."""
    scale = 4  # drawn large and reduced, so that the edges are smooth
    image = Image.new("RGBA", (SIZE * scale, SIZE * scale), (0, 0, 0, 0))
    pen = ImageDraw.Draw(image)
    pen.ellipse((0, 0, SIZE * scale - 1, SIZE * scale - 1), fill=color)
    font = ImageFont.load_default(size=int(SIZE * scale * 0.55))
    pen.text((SIZE * scale / 2, SIZE * scale / 2), letters, font=font, fill="#ffffff", anchor="mm")
    out = BytesIO()
    image.resize((SIZE, SIZE), Image.Resampling.LANCZOS).save(out, "PNG")
    return out.getvalue()
