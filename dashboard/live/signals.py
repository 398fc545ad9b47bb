"""What higher apps may hear.

`opened(access, path, address, at)`: somebody who was let in for support (`tenants.models.SupportAccess`) is about to get a
socket. Sent in the salon's schema; a receiver that raises refuses it.
"""

from django.dispatch import Signal

opened = Signal()
