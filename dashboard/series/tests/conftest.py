from dashboard.tests.conftest import account, ann, cheap_passwords, cut, local_stripe, no_stripe, stripe_server

__all__ = ["account", "ann", "cheap_passwords", "cut", "local_stripe", "no_stripe", "stripe_server"]
