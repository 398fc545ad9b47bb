"""What a browser has typed to join, for whoever comes back from the card page without having left a card."""

ENTRIES = "joining"
#: Agreeing is not among them: that is read, and done, each time.
TYPED = ("name", "email", "language")


def keep(request):
    """Remember what was typed, valid or not, so that nothing has to be typed twice."""
    request.session[ENTRIES] = {name: request.POST[name][:1000] for name in TYPED if request.POST.get(name)}


def known(request):
    return request.session.get(ENTRIES, {})


def forget(request):
    request.session.pop(ENTRIES, None)
