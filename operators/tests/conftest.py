from datetime import timedelta

import pytest
from django.utils import timezone

from dashboard.live.tests.conftest import cookie_of, ear, socket_port, sockets
from operators import services
from tenants.models import Role, User
from tenants.tests.api import PASSWORD, cheap_passwords

__all__ = ["cheap_passwords", "cookie_of", "ear", "socket_port", "sockets"]
REASON = "Ticket 4711: the hours look wrong"


@pytest.fixture
def operator(db):
    return User.objects.create_user("olga@tithi.example", PASSWORD, first_name="Olga", is_operator=True)


@pytest.fixture
def let_in(rosa, operator):
    """`let_in(role="viewer", business=rosa)`: the operator's open SupportAccess."""

    def opened(role=Role.VIEWER, business=rosa, **more):
        asked = {"reason": REASON, "length": timedelta(minutes=60), "now": timezone.now()}
        return services.open_access(
            business=business, by=services.By(operator, "203.0.113.9"), role=role, **(asked | more)
        )

    return opened
