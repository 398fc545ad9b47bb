import pytest

from .probing import targets

LOCAL = [("local", False), ("local", True)]


@pytest.mark.parametrize(
    ("environment", "found"),
    [
        ({}, LOCAL),
        ({"STRIPE_PROBE_ACCOUNT": "acct_1"}, LOCAL),
        ({"STRIPE_PROBE_SECRET_KEY": "sk_test_1"}, [*LOCAL, ("stripe", False)]),
        (
            {"STRIPE_PROBE_SECRET_KEY": "sk_test_1", "STRIPE_PROBE_ACCOUNT": "acct_1"},
            [*LOCAL, ("stripe", False), ("stripe", True)],
        ),
    ],
)
def test_real_stripe_is_asked_only_with_a_key(monkeypatch, environment, found):
    for name in ("STRIPE_PROBE_SECRET_KEY", "STRIPE_PROBE_ACCOUNT"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)

    assert targets() == found


def test_live_key_is_never_used(monkeypatch):
    monkeypatch.setenv("STRIPE_PROBE_SECRET_KEY", "sk_live_1")

    with pytest.raises(ValueError, match="must be a test key"):
        targets()
