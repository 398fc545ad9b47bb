"""Who runs the platform, and the pages of law that name them."""

from dataclasses import dataclass

from django.conf import settings

#: Address → what the page is called.
PAGES = {
    "terms": "Terms of use",
    "privacy": "Privacy",
    "data-processing": "Data processing agreement",
    "imprint": "Imprint",
}


@dataclass(frozen=True, slots=True)
class Operator:
    """The company behind the platform, as the environment says (`LEGAL_…`)."""

    company: str
    address: list
    email: str
    jurisdiction: str
    checked_on: str
    phone: str
    represented_by: str
    register: str
    tax_id: str

    @property
    def missing(self):
        """What has to be known before the pages may be relied on."""
        needed = {
            "the company": self.company,
            "its address": self.address,
            "its e-mail address": self.email,
            "the jurisdiction": self.jurisdiction,
            "the day a lawyer has checked these texts": self.checked_on,
        }
        return [name for name, value in needed.items() if not value]


def operator():
    return Operator(
        company=settings.LEGAL_COMPANY,
        address=settings.LEGAL_ADDRESS,
        email=settings.LEGAL_EMAIL,
        jurisdiction=settings.LEGAL_JURISDICTION,
        checked_on=settings.LEGAL_CHECKED_ON,
        phone=settings.LEGAL_PHONE,
        represented_by=settings.LEGAL_REPRESENTED_BY,
        register=settings.LEGAL_REGISTER,
        tax_id=settings.LEGAL_TAX_ID,
    )


def indexed_pages():
    """The pages search engines may show: none while they are drafts."""
    return [] if operator().missing else list(PAGES)
