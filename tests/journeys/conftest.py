"""Journeys in Chromium against the live server: every page is watched, and any violation of the content security
policy, script error or missing file fails the test.

``page`` is one person's window at 1366×768; ``open_page(width=360, height=740)`` opens further ones, each in a browser
profile of its own. ``live_cast`` are the people of tests/cast.py, committed, so that the server's threads see them.
"""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, Page, WebError, expect

from schools.models import User
from tests.cast import PASSWORD, Cast, make_cast

# Playwright's event loop stays in this thread between calls; Django must not take that for an asynchronous view.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")

CHROMIUM = "/usr/bin/chromium"
PATIENCE = 30_000  # milliseconds: on a busy machine a journey is slow, not wrong
expect.set_options(timeout=PATIENCE)
CHROMIUM_ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SCRIPT_THAT_NOTES_VIOLATIONS = """
addEventListener("securitypolicyviolation", (event) =>
  console.error(`CSP: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`));
"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.journey)


@dataclass
class Watch:
    """What went wrong in the browser. Chromium reports every answer of 400 and above as an error of the console:
    ``expected`` holds the statuses that are answers of the product rather than faults (add 403 or 404 where a journey
    means to be refused), ``expected_words`` what else it may complain of (ERR_FAILED where a journey cuts the line)."""

    faults: list[str] = field(default_factory=list)
    expected: set[int] = field(default_factory=lambda: {401, 422})
    expected_words: set[str] = field(default_factory=set)

    def follow(self, context: BrowserContext) -> None:
        context.on("console", self._note_console)
        context.on("weberror", self._note_error)
        context.add_init_script(SCRIPT_THAT_NOTES_VIOLATIONS)

    def _note_console(self, message: ConsoleMessage) -> None:
        expected = [f"status of {status} " for status in self.expected] + list(self.expected_words)
        if message.type == "error" and not any(words in message.text for words in expected):
            self.faults.append(f"{message.page.url if message.page else ''}: {message.text}")

    def _note_error(self, error: WebError) -> None:
        self.faults.append(f"{error.page.url if error.page else ''}: {error.error}")


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    return {"executable_path": CHROMIUM, "args": CHROMIUM_ARGS}


@pytest.fixture(scope="session")
def browser_context_args() -> dict[str, Any]:
    return {"locale": "vi-VN", "timezone_id": "Asia/Ho_Chi_Minh", "reduced_motion": "reduce"}


@pytest.fixture
def watch() -> Iterator[Watch]:
    """Everything the browser complained of in this test; the test fails at its end if there is anything."""
    watch = Watch()
    yield watch
    assert watch.faults == []


@pytest.fixture
def open_page(live_server: Any, watch: Watch, new_context: Callable[..., BrowserContext]) -> Callable[..., Page]:
    """``open_page(width=…, height=…, **context_options)``: a window in a new profile; addresses begin with “/”."""

    def open_one(width: int = 1366, height: int = 768, **options: Any) -> Page:
        context = new_context(viewport={"width": width, "height": height}, base_url=live_server.url, **options)
        context.set_default_timeout(PATIENCE)
        watch.follow(context)
        return context.new_page()

    return open_one


@pytest.fixture
def page(open_page: Callable[..., Page]) -> Page:
    return open_page()


@pytest.fixture
def live_cast(transactional_db: None, settings: Any) -> Cast:
    """The cast, committed. The second factor is not asked for; tests/journeys/test_login.py turns it on for itself."""
    settings.SECOND_FACTOR_REQUIRED = False
    return make_cast()


def sign_in(page: Page, user: User) -> None:
    """Gives the window a session of the user, without the way through the login page (test_login.py walks it)."""
    client = Client()
    client.force_login(user)
    name = settings.SESSION_COOKIE_NAME
    page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "domain": "localhost", "path": "/"}])


def type_login(page: Page | Locator, name: str, password: str = PASSWORD) -> None:
    """Fills the form of the login page, or that of the dialog, and sends it."""
    page.get_by_label("Tên đăng nhập hoặc số điện thoại").fill(name)
    page.get_by_label("Mật khẩu", exact=True).fill(password)
    page.get_by_role("button", name="Đăng nhập", exact=True).click()


def axe(page: Page) -> None:
    """No violation of WCAG 2.2 AA or of axe's best practices on the page as it stands."""
    found = Axe().run(page, options={"resultTypes": ["violations"], "runOnly": RULES}).response["violations"]
    told = [f"{one['id']}: {one['help']} {[node['html'][:200] for node in one['nodes']]}" for one in found]
    assert told == [], f"{page.url}: {told}"


def no_sideways_scroll(page: Page, width: int = 320) -> None:
    """At this width nothing sticks out to the right; the window keeps its size afterwards."""
    size = page.viewport_size or {"width": 1366, "height": 768}
    page.set_viewport_size({"width": width, "height": size["height"]})
    wider = page.evaluate(
        """() => document.documentElement.scrollWidth <= innerWidth ? [] :
        [...document.querySelectorAll("body *")].filter((e) => e.getBoundingClientRect().right > innerWidth + 1)
          .map((e) => `${e.tagName}.${e.className}`).slice(0, 5)"""
    )
    overflow = page.evaluate("() => document.documentElement.scrollWidth - innerWidth")
    page.set_viewport_size(size)
    assert overflow <= 0, f"{page.url} is {overflow} px wider than {width} px: {wider}"
