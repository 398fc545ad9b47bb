from bookings.tests.conftest import ann, cut

__all__ = ["ann", "cut"]
