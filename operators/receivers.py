"""What support looks at through a socket stands in the trail like a page: no line, no socket."""

from django.dispatch import receiver

from dashboard.live.signals import opened
from operators import services

SWITCHING_PROTOCOLS = 101


@receiver(opened)
def note_socket(sender, access, path, address, at, **kwargs):
    services.note_request(access=access, path=path, method="GET", status=SWITCHING_PROTOCOLS, address=address, now=at)
