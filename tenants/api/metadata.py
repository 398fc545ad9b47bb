"""What OPTIONS says of an address."""

from rest_framework.metadata import SimpleMetadata


class PlainMetadata(SimpleMetadata):
    """Its name, its description and its formats. What may be sent stands in the API's description, for every address
    in the same words; the framework would look for a row here, and list rows as choices.
    """

    def determine_actions(self, request, view):
        return {}
