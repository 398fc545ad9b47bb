"""Step 5."""


def branding(business):
    """The logo is a file, and not read back here."""
    return {"primary_color": business.primary_color, "secondary_color": business.secondary_color, "font": business.font}
