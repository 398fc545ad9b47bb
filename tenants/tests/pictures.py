"""Files people might choose as a logo or a portrait."""

import struct
import zlib
from io import BytesIO

from PIL import Image


def png(color="#7c3f58", size=(40, 20)):
    out = BytesIO()
    Image.new("RGB", size, color).save(out, "PNG")
    return out.getvalue()


def _chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _head(width, height):
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))


#: Says it is 30,000 by 30,000 pixels; a few hundred bytes.
BOMB = _head(30_000, 30_000) + _chunk(b"IDAT", zlib.compress(b"\0" * 90_001)) + _chunk(b"IEND", b"")
#: Pixels that stop, then something that is no part of a picture.
BROKEN = _head(4, 4) + _chunk(b"IDAT", zlib.compress(b"\0" * 13)[:5]) + b"\0\0\0\4\xff\xff\xff\xff1234abcd"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
#: name → bytes that are no logo, whatever they are called.
REFUSED = {
    "logo.svg": SVG,
    "svg-called.png": SVG,
    "page.png": b"<!doctype html><script>alert(1)</script>",
    "bomb.png": BOMB,
    "half.png": png()[:40],
    "broken.png": BROKEN,
    "moving.gif": b"GIF89a\x01\x00\x01\x00\x00\x00\x00;",
    "big.png": png() + b"\0" * (5 * 1024 * 1024),
}
