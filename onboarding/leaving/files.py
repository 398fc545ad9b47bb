"""A salon's uploaded files: to take along, and to be removed with it."""

from django.core.files.storage import default_storage


def names(schema_name):
    """The names of all files in the salon's folder, by name."""
    if not schema_name:
        return []
    return sorted(_within(schema_name))


def remove(schema_name):
    """Remove them. What is gone already is no harm: it may be pressed twice, or have been killed in between."""
    for name in names(schema_name):
        default_storage.delete(name)


def _within(folder):
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    for name in files:
        yield f"{folder}/{name}"
    for name in folders:
        yield from _within(f"{folder}/{name}")
