import hashlib
import hmac


def signature(secret, timestamp, body):
    """The `Stripe-Signature` header for a webhook body."""
    digest = hmac.new(secret.encode(), f"{timestamp}.{body}".encode(), hashlib.sha256).hexdigest()
    return f"t={timestamp},v1={digest}"
