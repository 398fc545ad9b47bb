class ApiError(Exception):
    """An answer in Stripe's error shape, with its HTTP status."""

    def __init__(self, status, type_, message, *, code=None, param=None, decline_code=None, **extra):
        super().__init__(message)
        self.status = status
        fields = {"type": type_, "message": message, "code": code, "param": param, "decline_code": decline_code}
        self.error = {name: value for name, value in (fields | extra).items() if value is not None}
        if code:
            self.error["doc_url"] = f"https://stripe.com/docs/error-codes/{code.replace('_', '-')}"

    def body(self):
        return {"error": self.error}


class ParameterError(ApiError):
    """A parameter refused before the endpoint began, so no idempotency key remembers it."""

    def __init__(self, message, *, code=None, param=None):
        super().__init__(400, "invalid_request_error", message, code=code, param=param)


def invalid(message, *, code=None, param=None, **extra):
    return ApiError(400, "invalid_request_error", message, code=code, param=param, **extra)


def missing(kind, object_id, param="id"):
    name = kind.replace("_", " ").replace("payment method", "PaymentMethod")
    return ApiError(
        404 if param == "id" else 400,
        "invalid_request_error",
        f"No such {name}: '{object_id}'",
        code="resource_missing",
        param=param,
    )


def forbidden(message, code):
    return ApiError(403, "invalid_request_error", message, code=code)


def access_revoked(masked_key, account):
    return forbidden(
        f"The provided key '{masked_key}' does not have access to account '{account}' "
        "(or that account does not exist). Application access may have been revoked.",
        "account_invalid",
    )


def unauthenticated(message):
    return ApiError(401, "invalid_request_error", message)


def unknown_url(method, path):
    return ApiError(
        404,
        "invalid_request_error",
        f"Unrecognized request URL ({method}: {path}). Please see https://stripe.com/docs or we can help at https://support.stripe.com/.",
    )


def card_error(message, *, code, decline_code=None, param=None, **extra):
    return ApiError(402, "card_error", message, code=code, decline_code=decline_code, param=param, **extra)


def server_fault():
    return ApiError(500, "api_error", "An unexpected error occurred while processing this request.")
