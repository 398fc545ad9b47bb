from accounts.google import is_offered


def account(request):
    """What the pages about accounts need to know; runs no query."""
    return {"google_offered": is_offered(request)}
