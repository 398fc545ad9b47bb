"""Refusals about a salon's own domain."""

from tenants.errors import DomainError


class NameInvalid(DomainError):
    code = "domain_invalid"
    status = 422
    message = "This is not the name of a web site. Write it like book.your-salon.com."


class NameIsOurs(DomainError):
    code = "domain_is_ours"
    status = 422
    message = "This name belongs to Tithi. To change it, choose another address for your salon."


class NameIsShared(DomainError):
    code = "domain_is_shared"
    status = 422
    message = "This is an ending that many share, not a name of yours. Write it like your-salon.com."


class TooManyDomains(DomainError):
    code = "too_many_domains"
    status = 409
    message = "A salon has at most five names of its own. Remove one first."


class DomainTaken(DomainError):
    code = "domain_taken"
    status = 409
    message = (
        "Another salon uses this name, and its record is still there. Remove the TXT record that is not yours"
        " and check again."
    )
