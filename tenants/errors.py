"""The root of everything we refuse on purpose."""


class DomainError(Exception):
    """An expected refusal: a stable `code` for programs, a sentence for people, an HTTP status for the API.

    Subclasses live beside the function that raises them.
    """

    code = "refused"
    status = 422
    message = "That is not possible."

    def __init__(self, message=None, **details):
        self.message = message or self.message
        self.details = details
        super().__init__(self.message)

    def __str__(self):
        return str(self.message)
