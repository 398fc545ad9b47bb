from rest_framework import serializers

from tenants import queries
from tenants.api.examples import example
from tenants.api.serializers import Phone, StrictSerializer
from tenants.models import Membership, User

#: What the description shows as passwords.
KETTLES, BOATS = "six-bright-copper-kettles", "four-silver-paper-boats"
MAX_PASSWORD = 128  # hashing what is longer would be work for nothing


class Password(serializers.CharField):
    def __init__(self, **kwargs):
        super().__init__(max_length=MAX_PASSWORD, trim_whitespace=False, **kwargs)


@example(
    "A new account",
    email="rosa@example.com",
    password=KETTLES,
    first_name="Rosa",
    last_name="Sander",
)
class Register(StrictSerializer):
    email = serializers.EmailField(max_length=254)
    password = Password()
    first_name = serializers.CharField(max_length=80, allow_blank=True, default="")
    last_name = serializers.CharField(max_length=80, allow_blank=True, default="")
    phone = Phone(allow_blank=True, default="")


@example("With a password", email="rosa@example.com", password=KETTLES)
class Login(StrictSerializer):
    email = serializers.EmailField(max_length=254)
    password = Password()
    code = serializers.CharField(
        max_length=20, allow_blank=True, default="", help_text="Of the authenticator app, or a recovery code."
    )


@example("The refresh token of the last answer", refresh="eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJ….4dWf8rZc")
class Refresh(StrictSerializer):
    refresh = serializers.CharField(max_length=4096)


@example("To this address", email="rosa@example.com")
class ForgotPassword(StrictSerializer):
    email = serializers.EmailField(max_length=254)


@example("The key of the mail", key="3-c2k9xq-5f1a2b3c", password=BOATS)
class ResetPassword(StrictSerializer):
    key = serializers.CharField(max_length=200, help_text="The last part of the address in the mail.")
    password = Password()


@example(
    "Another name and password",
    first_name="Rosa",
    current_password=KETTLES,
    new_password=BOATS,
)
class Me(StrictSerializer):
    first_name = serializers.CharField(max_length=80, allow_blank=True, required=False)
    last_name = serializers.CharField(max_length=80, allow_blank=True, required=False)
    phone = Phone(allow_blank=True, required=False)
    current_password = Password(required=False)
    new_password = Password(required=False)

    def validate(self, data):
        if ("new_password" in data) != ("current_password" in data):
            raise serializers.ValidationError({"new_password": ["Changing the password needs both, old and new."]})
        return data


class MembershipOut(serializers.ModelSerializer):
    tenant_id = serializers.UUIDField(source="business.id")
    business_name = serializers.CharField(source="business.name")
    subdomain = serializers.CharField(source="business.slug")

    class Meta:
        model = Membership
        fields = ("tenant_id", "business_name", "subdomain", "role")


class UserOut(serializers.ModelSerializer):
    """The person, and what they are on this host and elsewhere."""

    phone = Phone()
    tenant_id = serializers.SerializerMethodField()
    membership_role = serializers.SerializerMethodField()
    memberships = serializers.SerializerMethodField()

    class Meta:
        model = User
        fields = (
            "id",
            "email",
            "first_name",
            "last_name",
            "phone",
            "tenant_id",
            "membership_role",
            "memberships",
            "date_joined",
        )

    def get_tenant_id(self, user) -> str | None:
        business = self.context["request"].tenant
        return str(business.pk) if business else None

    def get_membership_role(self, user) -> str | None:
        membership = queries.membership_of(user, self.context["request"].tenant)
        return membership.role if membership else None

    def get_memberships(self, user) -> list:
        rows = user.memberships.select_related("business").order_by("business__name")
        return MembershipOut(rows, many=True).data


class SignedIn(serializers.Serializer):
    access = serializers.CharField()
    refresh = serializers.CharField()
    user = UserOut()


class Tokens(serializers.Serializer):
    access = serializers.CharField()
    refresh = serializers.CharField()


class Sentence(serializers.Serializer):
    detail = serializers.CharField()
