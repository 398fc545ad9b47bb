"""An address as a picture that phones read."""

import segno


def picture_of(address):
    """A QR code as an image's address (`data:`), black on white whatever the page's colours are."""
    return segno.make(address, error="m").svg_data_uri(border=0, dark="#000", light="#fff", scale=4)
