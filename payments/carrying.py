"""A code that a visitor has pressed “Book with it” for: filled in where the checkout asks for one, and used by a press."""

KEY = "carried_code"


def carry(request, code):
    request.session[KEY] = code


def carried(request):
    """The code that is carried by this browser, or ""."""
    return request.session.get(KEY, "")
