"""A browser as people use it: signed in, watched for faults, checked for accessibility."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import Browser, Page, Playwright, Request

from registry.models import User

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
SCREENSHOTS = Path(__file__).resolve().parents[2] / "var" / "screenshots"
WIDE, NARROW = 1280, 375
AXE = {
    "resultTypes": ["violations"],
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}


def launch(playwright: Playwright) -> Browser:
    """Start Debian's Chromium."""
    return playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))


@contextmanager
def opened(
    browser: Browser,
    address: str,
    *,
    user: User | None = None,
    language: str = "fi",
    refused: bool = False,
    script: bool = True,
    policy: bool = True,
) -> Iterator[Page]:
    """A page of the service in a language, signed in; what its console complains of fails the test.

    With `refused`, answers of 403 and 404 are what the test is about; `script` is JavaScript,
    `policy` the content security policy.
    """
    context = browser.new_context(
        base_url=address,
        viewport={"width": WIDE, "height": 900},
        java_script_enabled=script,
        bypass_csp=not policy,
    )
    context.add_cookies(_cookies(address, user, language))
    # Where GOV.UK Frontend's sheet comes before the service's on a busy machine, its fonts are asked
    # for; they are not served, and the system's own are shown a moment later.
    context.route("**/assets/fonts/*", lambda route: route.fulfill(content_type="font/woff2"))
    page, faults = context.new_page(), []
    page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("requestfailed", lambda request: faults.extend(_not_loaded(request)))
    try:
        yield page
    finally:
        context.close()
    if refused:
        faults = [fault for fault in faults if "status of 40" not in fault]
    assert not faults, faults


def _not_loaded(request: Request) -> list[str]:
    """What could not be loaded; not what was given up because the test went on to another page."""
    given_up = request.failure == "net::ERR_ABORTED"
    return [] if given_up else [f"not loaded: {request.url} ({request.failure})"]


def _cookies(address: str, user: User | None, language: str) -> list[dict[str, str]]:
    values = {"django_language": language}
    if user is not None:
        client = Client()
        client.force_login(user)
        values["sessionid"] = client.cookies["sessionid"].value
    return [{"name": name, "value": value, "url": address} for name, value in values.items()]


def assert_accessible(page: Page) -> None:
    """Axe finds nothing in the page (WCAG 2.2 A and AA, good practice)."""
    found = Axe().run(page, options=AXE)
    assert not found.violations_count, f"{page.url}\n{found.generate_report()}"


STICKING_OUT = """
() => {
  const root = document.documentElement;
  if (root.scrollWidth <= root.clientWidth) return "";
  const right = element => element.getBoundingClientRect().right;
  const all = [...document.body.querySelectorAll("*")].sort((a, b) => right(b) - right(a));
  return all.slice(0, 3).map(element => element.outerHTML.slice(0, 120)).join("\\n");
}
"""


def assert_fits(page: Page) -> None:
    """The page is no wider than the screen; wide tables scroll by themselves."""
    beyond = page.evaluate(STICKING_OUT)
    assert not beyond, f"{page.url} is too wide:\n{beyond}"


def photograph(page: Page, name: str) -> None:
    """Keep a picture of the page in `var/screenshots`, for people to look at."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=True)


def look(page: Page, address: str, name: str = "", *, status: int = 200) -> None:
    """Open an address and check that it is accessible and fits, wide and narrow.

    With a name, pictures are kept; without one, the narrow page is only measured.
    """
    page.set_viewport_size({"width": WIDE, "height": 900})
    answer = page.goto(address)
    assert answer is not None and answer.status == status, f"{address}: {answer and answer.status}"
    for width in (WIDE, NARROW):
        page.set_viewport_size({"width": width, "height": 900})
        assert_fits(page)
        if name or width == WIDE:
            assert_accessible(page)
        if name:
            photograph(page, f"{name}-{width}")
