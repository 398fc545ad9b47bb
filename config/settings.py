"""Settings of every environment; what differs comes from the environment (see `.env.example`).

`TITHI_ENV` is `local` (the default), `test` or `production`.
"""

import sys
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import environ
from celery.schedules import crontab
from django.urls import reverse_lazy
from kombu import Exchange, Queue

from config.logs import logging_config
from messaging import providers

env = environ.Env()
BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(env("TITHI_VAR", default=str(BASE_DIR / "var")))
if "pytest" not in sys.modules:  # tests never meet a developer's own keys
    environ.Env.read_env(BASE_DIR / ".env")

TITHI_ENV = env("TITHI_ENV", default="local")
LOCAL = TITHI_ENV == "local"
TESTING = TITHI_ENV == "test" or "pytest" in sys.modules
PRODUCTION = TITHI_ENV == "production"
DEBUG = False  # never on: dj-stripe lets a caller bring his own webhook secret then

if PRODUCTION:
    SECRET_KEY = env("SECRET_KEY")
else:
    SECRET_KEY = env("SECRET_KEY", default="local-only-not-a-secret-0123456789-0123456789-0123456789")

# Hosts -----------------------------------------------------------------------------------------
PLATFORM_DOMAIN = env("PLATFORM_DOMAIN", default="localhost").lower()
PLATFORM_PORT = env("PORT", default="8000") if not PRODUCTION else ""
PLATFORM_SCHEME = "https" if PRODUCTION else "http"
# tenants.middleware is the judge of hosts (Domain table); Django's own list would only repeat part of it.
ALLOWED_HOSTS = ["*"]
USE_X_FORWARDED_HOST = False
# Salons' own domains: where the DNS is asked (unset: as the machine does), and which addresses a name has to lead to
# (unset: those of PLATFORM_DOMAIN).
DNS_RESOLVERS = env.list("DNS_RESOLVERS", default=[])
PLATFORM_ADDRESSES = env.list("PLATFORM_ADDRESSES", default=[])
# Salons' webhooks: what their secrets follow from (changed, all of them are void), and whether this very machine is
# called, on any port and without TLS: for developing only.
WEBHOOK_KEY = env("WEBHOOK_KEY", default="") or SECRET_KEY
# Addresses of calendars that are brought in are encrypted with the first; the others, after commas, still open theirs.
CALENDAR_KEYS = env.list("CALENDAR_KEYS", default=[]) or ([] if PRODUCTION else [f"calendars {SECRET_KEY}"])
WEBHOOKS_TO_LOOPBACK = LOCAL and "pytest" not in sys.modules
TRUSTED_PROXIES = env.list("TRUSTED_PROXIES", default=[])
ROOT_URLCONF = "config.urls_salon"
PUBLIC_SCHEMA_URLCONF = "config.urls_platform"
WSGI_APPLICATION = "config.wsgi.application"

# Applications ----------------------------------------------------------------------------------
SHARED_APPS = [
    "django_tenants",
    "tenants",
    "accounts",
    "payments.webhooks",
    "payments.credits",
    "messaging.dispatch",
    "onboarding",
    "operators",
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.mfa",
    "djstripe",
    "rest_framework_simplejwt.token_blacklist",
]
TENANT_APPS = [
    "django.contrib.sessions",
    "audit",
    "accounts.api_tokens",
    "messaging",
    "bookings",
    "waitlist",
    "reviews",
    "giftcards",
    "feeds",
    "payments",
    "memberships",
    "webhooks",
]
STATELESS_APPS = [
    "config.apps.ConfigConfig",
    "directory",
    "dashboard",
    "payments.subscriptions",
    "onboarding.domains",
    "onboarding.leaving",
    "accounts.google",
    "unfold.apps.BasicAppConfig",
    "django.contrib.admin.apps.SimpleAdminConfig",  # our own AdminSite registers; dj-stripe's admin is for nobody here
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "django_htmx",
    "django_cotton",
    "django_filters",
    "phonenumber_field",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_structlog",
    "django_prometheus",
    "anymail",
]
INSTALLED_APPS = list(dict.fromkeys(STATELESS_APPS + SHARED_APPS + TENANT_APPS))
TENANT_MODEL = "tenants.Business"
TENANT_DOMAIN_MODEL = "tenants.Domain"
AUTH_USER_MODEL = "tenants.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# dj-stripe's own history is replayed in 103 s; one equal file takes 12 s (docs/decisions/0003).
MIGRATION_MODULES = {"djstripe": "payments.webhooks.djstripe_migrations"}

MIDDLEWARE = [
    "django_prometheus.middleware.PrometheusBeforeMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "tenants.middleware.RequestIDHeaderMiddleware",
    # Above the host's judge, which answers closed salons and unknown hosts itself.
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "tenants.middleware.HostMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.SignInMiddleware",
    "tenants.middleware.MembershipMiddleware",
    "operators.middleware.SupportTrailMiddleware",
    "accounts.middleware.GoogleMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.middleware.NeverKeptMiddleware",
    "django_prometheus.middleware.PrometheusAfterMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django_cotton.cotton_loader.Loader",
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "tenants.context_processors.salon",
                "accounts.context_processors.account",
            ],
            "builtins": ["django_cotton.templatetags.cotton", "tenants.templatetags.salon"],
        },
    },
]
COTTON_DIR = "components"

# Database --------------------------------------------------------------------------------------
DATABASE_WEB_ROLE = env("DATABASE_WEB_ROLE", default="")
DATABASES = {"default": env.db_url("DATABASE_URL", default="postgresql://tithi@127.0.0.1:5432/tithi")}
DATABASES["default"] |= {
    "ENGINE": "tenants.db",
    "CONN_MAX_AGE": 0,
    "DISABLE_SERVER_SIDE_CURSORS": True,
    "OPTIONS": {
        "pool": {
            "min_size": 1,
            "max_size": env.int("DATABASE_POOL_SIZE", default=12),
            "max_lifetime": 300,
            "max_idle": 60,
            "timeout": 10,
        },
    },
}
DATABASE_ROUTERS = ["django_tenants.routers.TenantSyncRouter"]
ATOMIC_REQUESTS = False

REDIS_URL = env("REDIS_URL", default="redis://127.0.0.1:6379/0")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_FUNCTION": "django_tenants.cache.make_key",
        "REVERSE_KEY_FUNCTION": "django_tenants.cache.reverse_key",
        "OPTIONS": {"socket_timeout": 1, "socket_connect_timeout": 0.5},
    },
}
# What is published in one database of a server is heard in all of them, so the channels' names carry the database: of two
# installations beside each other each has its own.
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        "CONFIG": {
            "hosts": [{"address": REDIS_URL, "socket_connect_timeout": 1}],
            "prefix": f"live{urlsplit(REDIS_URL).path.replace('/', '.')}.",
        },
    },
}
# Whether open pages of the team get a socket, from `python -m config.live`, on which port of the salon's host they find
# it (unset: the page's own, the proxy knows `/ws/`). Without it they ask every 20 seconds.
LIVE_UPDATES = env.bool("LIVE_UPDATES", default=PRODUCTION)
LIVE_PORT = env("LIVE_PORT", default="") or PLATFORM_PORT
HOST_CACHE_SECONDS = env.float("HOST_CACHE_SECONDS", default=2.0)

# Celery ----------------------------------------------------------------------------------------
CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 120
CELERY_TASK_SOFT_TIME_LIMIT = 100
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 600, "socket_timeout": 5, "socket_connect_timeout": 2}
#: Workers take turns between them: what is done for every salon at night keeps nothing waiting that is due.
CELERY_TASK_QUEUES = [Queue(name, Exchange(name), routing_key=name) for name in ("celery", "nightly")]
CELERY_BEAT_SCHEDULE = {
    "send due messages": {"task": "messaging.tasks.sweep_outbox", "schedule": 20},
    "forget old notices": {"task": "messaging.tasks.sweep_old_notices", "schedule": crontab(hour=3, minute=50)},
    "forget old account mail": {"task": "accounts.tasks.forget_old_mail", "schedule": 24 * 60 * 60},
    "forget ended sign-ins": {"task": "accounts.tasks.forget_ended_sign_ins", "schedule": 24 * 60 * 60},
    "send account mail": {"task": "accounts.tasks.send_account_mail", "schedule": 20},
    "expire holds": {"task": "bookings.tasks.sweep_holds", "schedule": 60},
    "keep reminders in step": {"task": "bookings.tasks.sweep_reminders", "schedule": 3 * 60},
    "hold near visits": {"task": "payments.tasks.sweep_near_visits", "schedule": 60 * 60},
    "look after gift cards": {"task": "giftcards.tasks.sweep_gift_cards", "schedule": 5 * 60},
    "read calendars elsewhere": {"task": "feeds.tasks.sweep_calendars", "schedule": 5 * 60},
    "ask who waits": {"task": "waitlist.tasks.sweep_waitlist", "schedule": 60},
    "ask who waits for new dates": {"task": "waitlist.tasks.sweep_new_dates", "schedule": crontab(hour=6, minute=10)},
    "forget ended wishes": {"task": "waitlist.tasks.sweep_ended_wishes", "schedule": crontab(minute=25)},
    "finish money actions": {"task": "payments.tasks.sweep_actions", "schedule": 60},
    "compare ledgers with Stripe": {"task": "payments.tasks.sweep_ledgers", "schedule": crontab(hour=3, minute=40)},
    "finish gift card orders": {"task": "payments.tasks.sweep_orders", "schedule": 30 * 60},
    "show that the clock lives": {"task": "operators.tasks.pulse", "schedule": 60, "options": {"expires": 60}},
    "forget old failures": {"task": "operators.tasks.forget_old_failures", "schedule": crontab(hour=4, minute=30)},
    "forget ended tokens": {"task": "tenants.tasks.forget_ended_tokens", "schedule": 24 * 60 * 60},
    "erase departed salons": {
        "task": "onboarding.leaving.tasks.erase_departed",
        "schedule": crontab(hour=4, minute=40),
    },
    "look after departures": {"task": "onboarding.leaving.tasks.sweep_departures", "schedule": 60 * 60},
    "look after own domains": {
        "task": "onboarding.domains.tasks.sweep_domains",
        "schedule": crontab(hour=4, minute=20),
    },
    "drop old addresses": {"task": "tenants.tasks.drop_old_addresses", "schedule": crontab(hour=4, minute=10)},
    "look after memberships": {"task": "memberships.tasks.sweep_memberships", "schedule": 5 * 60},
    "look after plans": {"task": "payments.subscriptions.tasks.sweep_plans", "schedule": 60 * 60},
    "make salons left behind": {"task": "onboarding.tasks.provision_left_behind", "schedule": 60},
    "deliver webhooks": {"task": "webhooks.tasks.sweep_webhooks", "schedule": 20},
    "forget old webhooks": {"task": "webhooks.tasks.sweep_old_events", "schedule": crontab(hour=3, minute=20)},
    "process Stripe events": {"task": "payments.webhooks.tasks.sweep_events", "schedule": 60},
}

# People ----------------------------------------------------------------------------------------
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "optional"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_ADAPTER = "accounts.adapter.MailingAdapter"
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 10 * 60  # mail may take a while
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_MAX_EMAIL_ADDRESSES = 3
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "reset_password": "3/h/key,20/h/ip",
    "request_login_code": "6/h/key,20/h/ip",
}
# Signing in through Google, on the platform's host, where both are set.
GOOGLE_CLIENT_ID = env("GOOGLE_CLIENT_ID", default="")
GOOGLE_CLIENT_SECRET = env("GOOGLE_CLIENT_SECRET", default="")
SOCIALACCOUNT_ADAPTER = "accounts.google.adapter.GoogleAdapter"
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True  # where the adapter finds an account: docs/decisions/0021
SOCIALACCOUNT_PROVIDERS = {
    "google": {
        "SCOPE": ["openid", "email", "profile"],
        "OAUTH_PKCE_ENABLED": True,
        "AUTH_PARAMS": {"prompt": "select_account"},
        "AUTHORIZE_URL": "https://accounts.google.com/o/oauth2/v2/auth",
        "ACCESS_TOKEN_URL": "https://oauth2.googleapis.com/token",
        "CERTS_URL": "https://www.googleapis.com/oauth2/v3/certs",
        "ISSUERS": ["https://accounts.google.com", "accounts.google.com"],
    }
}
ALLAUTH_TRUSTED_PROXY_COUNT = len(TRUSTED_PROXIES)
MFA_ADAPTER = "tenants.accounts.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_FORMS = {"authenticate": "tenants.forms.CodeForm", "add_webauthn": "tenants.forms.PasskeyForm"}
MFA_TOTP_ISSUER = "Tithi"
MFA_TOTP_TOLERANCE = 1  # phones' clocks are off by seconds
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION

# The salon's admin -----------------------------------------------------------------------------
UNFOLD = {
    "SITE_TITLE": "tenants.admin.title",
    "SITE_HEADER": "tenants.admin.title",
    "SITE_SUBHEADER": "Salon admin",
    "SITE_SYMBOL": "spa",
    "SITE_URL": "/",
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": "tenants.admin.favicon"}],
    "SHOW_VIEW_ON_SITE": False,
    "ENVIRONMENT": "tenants.admin.environment",
    "DASHBOARD_CALLBACK": "config.admin.dashboard",
    "COLORS": "tenants.admin.colors",
    "STYLES": ["tenants.admin.stylesheet"],
    "SIDEBAR": {"navigation": "config.admin.navigation"},
    "ACCOUNT": {
        "navigation": [
            {"title": "My salons", "link": "accounts.admin.my_salons_url"},
            {"title": "Where you are signed in", "link": reverse_lazy("account-sessions")},
            {"title": "Change password", "link": reverse_lazy("account_change_password")},
            {"title": "Two-step sign-in", "link": reverse_lazy("mfa_index")},
        ]
    },
}

# The operators' admin on the platform's host
UNFOLD_OPERATORS = {
    "SITE_TITLE": "Tithi operators",
    "SITE_HEADER": "Tithi",
    "SITE_SUBHEADER": "Operators",
    "SITE_SYMBOL": "shield_person",
    "SITE_URL": "/businesses/",
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": "operators.admin.site.favicon"}],
    "SHOW_VIEW_ON_SITE": False,
    "SHOW_HISTORY": False,
    "ENVIRONMENT": "tenants.admin.environment",
    "DASHBOARD_CALLBACK": "operators.menu.dashboard",
    "COLORS": "operators.admin.site.colors",
    "STYLES": ["tenants.admin.stylesheet"],
    "SIDEBAR": {"navigation": "operators.menu.navigation"},
    "ACCOUNT": UNFOLD["ACCOUNT"],
}

# Cookies and browser ---------------------------------------------------------------------------
SESSION_COOKIE_NAME = "__Host-sessionid" if PRODUCTION else "sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken" if PRODUCTION else "csrftoken"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PRODUCTION
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "config.views.csrf_failure"
SECURE_SSL_REDIRECT = PRODUCTION
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
SECURE_HSTS_SECONDS = 31_536_000 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = PRODUCTION
SECURE_HSTS_PRELOAD = PRODUCTION
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_REDIRECT_EXEMPT = [r"^health/"]
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "manifest-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
        "object-src": ["'none'"],
    }
}

# Money -----------------------------------------------------------------------------------------
STRIPE_SECRET_KEY = env("STRIPE_SECRET_KEY", default="sk_test_LocalStripe0000000000000000")
STRIPE_PUBLISHABLE_KEY = env("STRIPE_PUBLISHABLE_KEY", default="pk_test_LocalStripe0000000000000000")
STRIPE_WEBHOOK_SECRET = env("STRIPE_WEBHOOK_SECRET", default="whsec_local_platform")
STRIPE_CONNECT_WEBHOOK_SECRET = env("STRIPE_CONNECT_WEBHOOK_SECRET", default="whsec_local_connect")
STRIPE_API_BASE = env("STRIPE_API_BASE", default="https://api.stripe.com")
STRIPE_JS_URL = env("STRIPE_JS_URL", default="https://js.stripe.com/v3/")
STRIPE_RETRIES = 2  # by the SDK itself, with one and the same key
STRIPE_LIVE_MODE = STRIPE_SECRET_KEY.startswith("sk_live_")
STRIPE_TEST_SECRET_KEY = "" if STRIPE_LIVE_MODE else STRIPE_SECRET_KEY  # dj-stripe's names
STRIPE_LIVE_SECRET_KEY = STRIPE_SECRET_KEY if STRIPE_LIVE_MODE else ""
DJSTRIPE_FOREIGN_KEY_TO_FIELD = "id"
DJSTRIPE_SUBSCRIBER_MODEL = "tenants.Business"
APPLICATION_FEE_BASIS_POINTS = 100
GIFT_CODE_KEY = env("GIFT_CODE_KEY", default="") or SECRET_KEY  # codes follow from it: changed, all cards are void
SUBSCRIPTION_PRICE_CENTS = 1199
SUBSCRIPTION_TRIAL = timedelta(days=env.int("SUBSCRIPTION_TRIAL_DAYS", default=30))
SUBSCRIPTION_GRACE = timedelta(days=env.int("SUBSCRIPTION_GRACE_DAYS", default=14))  # unpaid, and all works as before
SUBSCRIPTION_LONGEST_PAUSE = timedelta(days=90)
CREDITS_AT_SIGNUP = 1000
CREDIT_PACKS = {"small": (500, 500), "medium": (2_000, 1800), "large": (10_000, 8000)}  # name: credits, US cents

# Mail ------------------------------------------------------------------------------------------
# EMAIL_PROVIDER chooses the way out and anymail's keys lead there (`messaging.providers`); SMTP servers are told by EMAIL_URL.
EMAIL_PROVIDER, _backend, ANYMAIL = providers.chosen(env)
EMAIL_URL = env("EMAIL_URL", default="")
EMAIL_RELAY_BACKEND = _backend if EMAIL_PROVIDER != providers.SMTP else ""
if EMAIL_URL and not EMAIL_RELAY_BACKEND:
    _mail = env.email_url("EMAIL_URL")
    EMAIL_RELAY_BACKEND = _mail["EMAIL_BACKEND"]
    EMAIL_HOST, EMAIL_PORT = _mail.get("EMAIL_HOST"), _mail.get("EMAIL_PORT")
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _mail.get("EMAIL_HOST_USER"), _mail.get("EMAIL_HOST_PASSWORD")
    EMAIL_USE_TLS, EMAIL_USE_SSL = _mail.get("EMAIL_USE_TLS", False), _mail.get("EMAIL_USE_SSL", False)
# The local environment keeps what it sends for `/dev/outbox/`, and relays it where something says so.
EMAIL_BACKEND = "messaging.local_mail.RecordingBackend" if not PRODUCTION else EMAIL_RELAY_BACKEND or _backend
EMAIL_FILE_PATH = VAR_DIR / "mail"
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default=f"Tithi <bookings@{PLATFORM_DOMAIN}>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# Text messages, through Twilio; while one of the first two or the sender is missing nothing offers them --------
TWILIO_ACCOUNT_SID = env("TWILIO_ACCOUNT_SID", default="")
TWILIO_AUTH_TOKEN = env("TWILIO_AUTH_TOKEN", default="")
TWILIO_FROM = env("TWILIO_FROM", default="")  # a number as E.164, or a name of letters
TWILIO_MESSAGING_SERVICE_SID = env("TWILIO_MESSAGING_SERVICE_SID", default="")  # instead of it
TWILIO_API_BASE = env("TWILIO_API_BASE", default="https://api.twilio.com")
CREDITS_PER_SMS = env.int("CREDITS_PER_SMS", default=2)  # for each part of 160 or 70 characters
TEXT_FILE_PATH = VAR_DIR / "texts"  # where the local Twilio keeps what it took

# Who runs the platform, for its legal pages ------------------------------------------------------
LEGAL_COMPANY = env("LEGAL_COMPANY", default="")
LEGAL_ADDRESS = env.list("LEGAL_ADDRESS", default=[])
LEGAL_EMAIL = env("LEGAL_EMAIL", default="")
LEGAL_PHONE = env("LEGAL_PHONE", default="")
LEGAL_REPRESENTED_BY = env("LEGAL_REPRESENTED_BY", default="")
LEGAL_REGISTER = env("LEGAL_REGISTER", default="")
LEGAL_TAX_ID = env("LEGAL_TAX_ID", default="")
LEGAL_JURISDICTION = env("LEGAL_JURISDICTION", default="")
LEGAL_CHECKED_ON = env("LEGAL_CHECKED_ON", default="")  # by a lawyer; until then the pages call themselves drafts
SEARCH_ENGINES = env.bool("SEARCH_ENGINES", default=True)  # off on hosts that are not to be found, as on staging

# API -------------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.api_tokens.authentication.APITokenAuthentication",
        "tenants.api.authentication.SalonJWTAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["tenants.api.permissions.IsSalonStaff"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["tenants.api.parsers.SmallJSONParser"],
    "DEFAULT_PAGINATION_CLASS": "tenants.api.pagination.Pages",
    "DEFAULT_THROTTLE_CLASSES": ["tenants.api.throttling.Throttle"],
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_METADATA_CLASS": "tenants.api.metadata.PlainMetadata",
    "DEFAULT_SCHEMA_CLASS": "tenants.api.schema.SalonAutoSchema",
    "EXCEPTION_HANDLER": "tenants.api.errors.handle",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SIMPLE_JWT = {
    "ACCESS_TOKEN_LIFETIME": timedelta(minutes=15),
    "REFRESH_TOKEN_LIFETIME": timedelta(days=7),
    "ROTATE_REFRESH_TOKENS": True,
    "BLACKLIST_AFTER_ROTATION": True,
    "USER_ID_CLAIM": "sub",
    "USER_ID_FIELD": "id",
    "UPDATE_LAST_LOGIN": False,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Tithi",
    "DESCRIPTION": (
        "People sign in at `/auth/login` and send the access token it answers with (`bearer`). Programs of a salon send an "
        "API token (`apiToken`), made by an owner or admin on the page “API access”: it works on that salon’s host, where "
        "its scopes lead, as far as the role of whoever made it goes, and at most 600 times a minute."
    ),
    "VERSION": "1.0.0",
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SERVE_INCLUDE_SCHEMA": False,
    "POSTPROCESSING_HOOKS": ["drf_spectacular.hooks.postprocess_schema_enums", "config.api_answers.show"],
    "ENUM_NAME_OVERRIDES": {
        "FeeTypeEnum": "tenants.models.FeeType",
        "StatusEnum": "bookings.models.Status",
        "WishStatusEnum": "waitlist.models.WishStatus",
        "WebhookStateEnum": "webhooks.models.EndpointState",
        "WebhookDeliveryStatusEnum": "webhooks.models.DeliveryStatus",
    },
}

# Bookings --------------------------------------------------------------------------------------
HOLD_MINUTES = 10
# Limits against flooding; a loopback client is a developer or a load test outside production.
LIMIT_LOOPBACK = env.bool("LIMIT_LOOPBACK", default=PRODUCTION)
BOOKINGS_PER_ADDRESS_PER_HOUR = 10
HOLDS_PER_ADDRESS = 5
HOLDS_PER_BROWSER = 2

# Static, media, words --------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not PRODUCTION
MEDIA_ROOT = Path(env("MEDIA_ROOT", default=str(VAR_DIR / "media")))
MEDIA_URL = "/media/"
LANGUAGE_CODE = "en"
USE_I18N = True
#: The fixed sentences of mails to customers; pages are in English.
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_TZ = True
TIME_ZONE = "UTC"
PHONENUMBER_DEFAULT_FORMAT = "E164"
PHONENUMBER_DB_FORMAT = "E164"
SILENCED_SYSTEM_CHECKS = []

LOGGING = logging_config(json=PRODUCTION)
DJANGO_STRUCTLOG_CELERY_ENABLED = True
DJANGO_STRUCTLOG_TRUST_UPSTREAM_REQUEST_ID = True  # RequestIDHeaderMiddleware has judged it
PROMETHEUS_METRIC_NAMESPACE = "tithi"
SENTRY_DSN = env("SENTRY_DSN", default="")
