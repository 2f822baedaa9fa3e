"""The product's own settings with what only tests need; the database and Redis come from ``./run test``."""

import base64
import os

os.environ.setdefault("HOCBASO_SECRET_KEY", "only-for-tests-" + "x" * 50)
os.environ.setdefault("HOCBASO_HISTORY_KEY", base64.b64encode(bytes(range(32))).decode())
os.environ.setdefault("HOCBASO_SECRETS_KEY", base64.b64encode(bytes(range(32, 64))).decode())
os.environ.setdefault("HOCBASO_ALLOWED_HOSTS", "testserver,localhost,127.0.0.1")
os.environ.setdefault("HOCBASO_TRUSTED_PROXIES", "0")
os.environ.setdefault("HOCBASO_HTTPS", "off")
os.environ.setdefault("HOCBASO_SECOND_FACTOR", "off")  # the tests of it turn it on

# Each pytest worker has a Redis database of its own, so that one may empty it.
_worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
os.environ["HOCBASO_REDIS_URL"] = os.environ["HOCBASO_REDIS_URL"].partition("?")[0] + f"?db={int(_worker) + 1}"

from hocbaso.settings import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}  # noqa: F405
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
CELERY_TASK_ALWAYS_EAGER = True
CELERY_TASK_EAGER_PROPAGATES = True
SESSION_ENGINE = "django.contrib.sessions.backends.db"
CONN_HEALTH_CHECKS = False
DATABASES["default"] |= {"CONN_MAX_AGE": 0}  # noqa: F405
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = True  # static files as they lie in the tree, nothing collected
