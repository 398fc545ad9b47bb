"""What the wizard refuses on purpose."""

from tenants.errors import DomainError


class StepNotOptional(DomainError):
    code = "step_not_optional"
    status = 409
    message = "This step cannot be left for later."


class SalonNotReady(DomainError):
    """The salon has no address yet, or is being made."""

    code = "salon_not_ready"
    status = 409
    message = "Choose the address of the booking page first."


class NothingBegun(DomainError):
    code = "nothing_begun"
    status = 409
    message = "Begin with step 1: the name of the business."


class SalonNotNamed(DomainError):
    """All of the caller's salons are open, and there are several."""

    code = "salon_not_named"
    status = 409
    message = "You have several salons. Say with tenant_id which one this is about."


class ProvisioningFailed(DomainError):
    """Making the salon did not work; nothing of it is left, and it can be tried again."""

    code = "provisioning_failed"
    status = 503
    message = "Your salon could not be made just now. Nothing is lost: please try again."


class TooManyUnfinished(DomainError):
    code = "too_many_unfinished"
    status = 409
    message = "You have several salons on their way. Finish one of them before you begin another."


class AlreadyOpen(DomainError):
    code = "already_open"
    status = 409
    message = "Your booking page has been open: sample data would stand between real visits."


class NothingToShow(DomainError):
    code = "nothing_to_show"
    status = 409
    message = "Nothing can be booked yet. Add services, people and hours first; then a sample week can be shown."


class RowsRefused(DomainError):
    """Some lines of a list cannot be kept, so none was. `rows` is the line's index → {field or "": sentence}."""

    code = "not_accepted"
    message = "Some of this cannot be kept. Nothing was changed."

    def __init__(self, rows):
        super().__init__(next(iter(next(iter(rows.values())).values())))
        self.rows = rows


class NobodyToBook(DomainError):
    code = "nobody_to_book"
    message = "Customers must be able to book somebody: tick it for one person at least."


class NobodyWorks(DomainError):
    code = "nobody_works"
    message = "Somebody has to work for visits to be booked: tick one day at least."


class SalonEnded(DomainError):
    """The plan has ended, or the salon is about to leave: it is for reading, through the wizard too."""

    code = "salon_ended"
    status = 403
    message = "This salon’s plan has ended. It can be read, and nothing can be changed."


class Blocked(DomainError):
    """The booking page cannot open yet. `blockers` say why: [{code, sentence, step}]."""

    code = "blocked"
    status = 409
    message = "Some things are missing before the booking page can open."

    def __init__(self, blockers):
        super().__init__(blockers=blockers)
        self.blockers = blockers
