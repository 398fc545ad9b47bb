"""Accounts, on the platform's host and on every salon's. A token is good on the host that issued it."""

from drf_spectacular.utils import extend_schema
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response

from tenants.addresses import client_address
from tenants.api import accounts, tokens
from tenants.api import auth_serializers as shapes
from tenants.api.endpoints import endpoint, open_endpoint, read
from tenants.api.serializers import Problem

ASKED = "If there is an account with this address, a mail with the next step is on its way."


def signed_in(request, user, status):
    pair = tokens.issue(user=user, business=request.tenant)
    return Response(pair | {"user": shown(request, user)}, status=status)


def shown(request, user):
    return shapes.UserOut(user, context={"request": request}).data


@extend_schema(request=shapes.Register, responses={201: shapes.SignedIn, 400: Problem, 409: Problem, 429: Problem})
@open_endpoint("POST")
def register(request):
    """Open an account and sign in."""
    data = read(shapes.Register, request)
    user = accounts.register(request=request._request, address=client_address(request), **data)
    return signed_in(request, user, 201)


@extend_schema(request=shapes.Login, responses={200: shapes.SignedIn, 401: Problem, 429: Problem})
@open_endpoint("POST")
def login(request):
    user = accounts.sign_in(**read(shapes.Login, request), address=client_address(request))
    return signed_in(request, user, 200)


@extend_schema(request=shapes.Refresh, responses={204: None, 401: Problem})
@open_endpoint("POST")
def logout(request):
    """End this sign-in: its refresh tokens and its access tokens."""
    tokens.log_out(text=read(shapes.Refresh, request)["refresh"], business=request.tenant)
    return Response(status=204)


@extend_schema(request=shapes.Refresh, responses={200: shapes.Tokens, 401: Problem})
@open_endpoint("POST")
def refresh(request):
    """New tokens for a refresh token, which is used up; using it again ends the sign-in."""
    return Response(tokens.rotate(text=read(shapes.Refresh, request)["refresh"], business=request.tenant))


@extend_schema(request=shapes.ForgotPassword, responses={200: shapes.Sentence, 429: Problem})
@open_endpoint("POST")
def forgot_password(request):
    """Mail the way to a new password. The answer does not tell whether the address is known."""
    email = read(shapes.ForgotPassword, request)["email"]
    accounts.send_reset_mail(request=request._request, email=email, address=client_address(request))
    return Response({"detail": ASKED})


@extend_schema(request=shapes.ResetPassword, responses={200: shapes.Sentence, 400: Problem, 429: Problem})
@open_endpoint("POST")
def reset_password(request):
    """Set a new password with the key of the mail; every sign-in ends."""
    accounts.reset_password(**read(shapes.ResetPassword, request), address=client_address(request))
    return Response({"detail": "Your password is changed. Please sign in."})


@extend_schema(methods=["GET"], request=None, responses={200: shapes.UserOut, 401: Problem})
@extend_schema(methods=["PUT"], request=shapes.Me, responses={200: shapes.UserOut, 400: Problem, 401: Problem})
@endpoint("GET", "PUT", permission=IsAuthenticated)
def me(request):
    """The signed-in person. A new password ends every sign-in: this answer then carries new tokens."""
    user, pair = request.user, {}
    if request.method == "PUT":
        data = read(shapes.Me, request)
        current, new = data.pop("current_password", None), data.pop("new_password", None)
        if new is not None:
            accounts.change_password(user=user, current=current, new=new, address=client_address(request))
            pair = tokens.issue(user=user, business=request.tenant)
        user = accounts.update_profile(user=user, **data)
    return Response(shown(request, user) | pair)
