"""Twilio's Messages API, as far as one text needs it."""

import base64
import binascii
import re

from .numbers import REFUSED
from .world import API_VERSION

MESSAGES = re.compile(rf"/{API_VERSION}/Accounts/(AC[0-9a-f]{{32}})/Messages\.json\Z")
ONE = re.compile(rf"/{API_VERSION}/Accounts/(AC[0-9a-f]{{32}})/Messages/(SM[0-9a-f]{{32}})\.json\Z")
E164 = re.compile(r"\+[1-9][0-9]{6,14}\Z")
LONGEST = 1600


class ApiError(Exception):
    def __init__(self, status, code, message):
        super().__init__(message)
        self.status = status
        self.body = {
            "code": code,
            "message": message,
            "more_info": f"https://www.twilio.com/docs/errors/{code}",
            "status": status,
        }


def answer(world, method, path, headers, form, query):
    """(status, JSON value, the message that was made or None)."""
    try:
        _authenticate(world, path, headers)
        if method == "POST" and MESSAGES.match(path):
            message = _create(world, form)
            return 201, message, message
        if method == "GET" and MESSAGES.match(path):
            return 200, _page(world, path, query), None
        if method == "GET" and (match := ONE.match(path)) and match[2] in world.messages:
            return 200, world.messages[match[2]], None
        raise ApiError(404, 20404, f"The requested resource {path} was not found")
    except ApiError as error:
        return error.status, error.body, None


def _authenticate(world, path, headers):
    match = MESSAGES.match(path) or ONE.match(path)
    scheme, _, value = headers.get("authorization", "").partition(" ")
    try:
        given = base64.b64decode(value).decode() if scheme.lower() == "basic" else ""
    except (binascii.Error, UnicodeDecodeError):
        given = ""
    if given != f"{world.account}:{world.token}" or (match and match[1] != world.account):
        raise ApiError(401, 20003, "Authenticate")


def _create(world, form):
    to, body = form.get("To", ""), form.get("Body", "")
    if not (form.get("From") or form.get("MessagingServiceSid")):
        raise ApiError(400, 21603, "A 'From' phone number is required.")
    if not to:
        raise ApiError(400, 21604, "A 'To' phone number is required.")
    if not E164.match(to):
        raise ApiError(400, 21211, f"Invalid 'To' Phone Number: {to}")
    if not body:
        raise ApiError(400, 21602, "Message body is required.")
    if len(body) > LONGEST:
        raise ApiError(400, 21617, "The concatenated message body exceeds the 1600 character limit.")
    if to in REFUSED:
        code, sentence = REFUSED[to]
        raise ApiError(400, code, sentence.format(to=to))
    if to in world.stopped:
        raise ApiError(400, 21610, "Attempt to send to unsubscribed recipient")
    message = world.add(form)
    message["_callback"] = form.get("StatusCallback", "")
    return message


def _page(world, path, query):
    size = min(int(query.get("PageSize") or 50), 1000)
    found = world.newest_first(query.get("To"))[:size]
    return {
        "end": max(len(found) - 1, 0),
        "first_page_uri": f"{path}?PageSize={size}&Page=0",
        "messages": found,
        "next_page_uri": None,
        "page": 0,
        "page_size": size,
        "previous_page_uri": None,
        "start": 0,
        "uri": f"{path}?PageSize={size}&Page=0",
    }
