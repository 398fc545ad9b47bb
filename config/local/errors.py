class LocalError(Exception):
    """Something the person at the terminal can act on, in one sentence."""
