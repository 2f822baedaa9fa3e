"""Configuration from the environment, failing loudly: a missing secret stops the program, it is never guessed."""

import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured


def required(name: str) -> str:
    """The value of an environment variable; ImproperlyConfigured when it is missing or empty."""
    value = os.environ.get(name, "").strip()
    if not value:
        raise ImproperlyConfigured(f"The environment variable {name} is not set. See README.md, “Production”.")
    return value


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, "").strip() or default


def switch(name: str, default: bool) -> bool:
    """An on/off variable; any other word stops the program, so that a typo cannot turn a safeguard off."""
    value = text(name, "on" if default else "off").lower()
    if value not in {"on", "off"}:
        raise ImproperlyConfigured(f"{name} must be “on” or “off”, not “{value}”.")
    return value == "on"


def number(name: str, default: int, least: int = 0) -> int:
    """A whole number, of at least ``least``; anything else stops the program."""
    value = text(name, str(default))
    if not value.isdigit() or int(value) < least:
        raise ImproperlyConfigured(f"{name} must be a whole number{f' from {least} on' * bool(least)}, not “{value}”.")
    return int(value)


def words(name: str) -> list[str]:
    """A comma-separated list."""
    return [word.strip() for word in text(name).split(",") if word.strip()]


def folder(name: str, default: Path) -> Path:
    return Path(text(name, str(default))).resolve()


def database(name: str) -> dict[str, Any]:
    """Django's database settings from ``postgresql://user:password@host:port/name?host=/socket/folder``."""
    url = urlsplit(required(name))
    if url.scheme not in {"postgresql", "postgres"}:
        raise ImproperlyConfigured(f"{name} must be a postgresql:// address.")
    query = {key: values[-1] for key, values in parse_qs(url.query).items()}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(url.path.lstrip("/")),
        "USER": unquote(url.username or ""),
        "PASSWORD": unquote(url.password or ""),
        "HOST": query.pop("host", url.hostname or ""),
        "PORT": str(url.port or query.pop("port", "")),
        "OPTIONS": query,
    }


def broker(redis_url: str) -> str:
    """Celery's address of the same Redis. For a socket it calls the database ``virtual_host`` and takes 0 for any other
    word: two installations in one Redis would do each other's work."""
    url = urlsplit(redis_url)
    if url.scheme != "unix":
        return redis_url
    database = parse_qs(url.query).get("db", ["0"])[-1]
    return f"redis+socket://{url.netloc}{url.path}?virtual_host={database}"


def email(name: str) -> dict[str, Any]:
    """Django's e-mail settings from ``smtp://user:password@host:587?tls=on``, ``file:///folder`` or ``console:``."""
    url = urlsplit(text(name, "console:"))
    query = {key: values[-1] for key, values in parse_qs(url.query).items()}
    backend = "django.core.mail.backends."
    if url.scheme == "file":
        return {"EMAIL_BACKEND": backend + "filebased.EmailBackend", "EMAIL_FILE_PATH": unquote(url.path)}
    if url.scheme == "console":
        return {"EMAIL_BACKEND": backend + "console.EmailBackend"}
    if url.scheme != "smtp":
        raise ImproperlyConfigured(f"{name} must begin with smtp://, file:// or console:.")
    return {
        "EMAIL_BACKEND": backend + "smtp.EmailBackend",
        "EMAIL_HOST": url.hostname or "localhost",
        "EMAIL_PORT": url.port or 587,
        "EMAIL_HOST_USER": unquote(url.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(url.password or ""),
        "EMAIL_USE_TLS": query.get("tls", "on") == "on",
        "EMAIL_TIMEOUT": 10,
    }
