"""What is written about people with a login, beside the login itself."""

from messaging.models import Outgoing


class AccountMessage(Outgoing):
    """A mail about somebody's account. It may carry a key to it, so its words go when it has left."""

    keeps_words = False
