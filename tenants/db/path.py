"""The statement that chooses schemas for one transaction."""


def local(*schemas):
    """`SET LOCAL search_path`, to stand before a statement in the same message.

    On a line of its own: an error message then quotes the caller's line, not ours.
    """
    names = ", ".join(f'"{schema}"' for schema in schemas)
    return f"SET LOCAL search_path TO {names};\n"
