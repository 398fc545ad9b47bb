"""The shape all suggested letters have. Pure."""


def letter(*paragraphs):
    """The paragraphs, signed by the salon."""
    return "\n\n".join([*paragraphs, "{{business_name}}"])
