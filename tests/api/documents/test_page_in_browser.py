"""plan.html in a real browser: it asks nobody, logs no error, and its few movements work."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from api.days.documents.page.render import html_bytes
from api.settings import Language
from tests.api.documents.test_write import two_counties
from tests.plans import large_plan

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")

pytestmark = pytest.mark.skipif(
    CHROMIUM is None, reason="no chromium on this machine: apt-get install chromium"
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser for the file; pages are new."""
    with sync_playwright() as driver:
        running = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield running
        running.close()


class Visit:
    """An open page, what it asked for and what it complained of."""

    def __init__(self, page: Page, path: Path) -> None:
        self.page = page
        self.requests: list[str] = []
        self.complaints: list[str] = []
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("console", lambda message: self.complaints.append(message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.goto(path.as_uri())


@pytest.fixture
def visit(browser: Browser, tmp_path: Path) -> Iterator[Visit]:
    """The page of a large day, 1366 x 768."""
    path = tmp_path / "plan.html"
    path.write_bytes(
        html_bytes(
            large_plan(),
            geometry=None,
            backdrop=two_counties,
            audit_findings=0,
            lang=Language.CHINESE,
        )
    )
    page = browser.new_page(viewport={"width": 1366, "height": 768})
    yield Visit(page, path)
    page.close()


def test_it_makes_no_request_and_logs_nothing(visit: Visit) -> None:
    """Its own file is the only thing it ever reads; the strict policy blocks nothing of ours."""
    visit.page.locator("#map").hover()
    assert [url.split("/")[-1] for url in visit.requests] == ["plan.html"]
    assert visit.complaints == []


def test_a_click_picks_a_truck_everywhere_and_escape_lets_go(visit: Visit) -> None:
    """Map, list and timeline tell of the same truck."""
    page = visit.page
    row = page.locator(".row[data-truck]").nth(3)
    truck = row.get_attribute("data-truck")
    row.click()
    picked = page.locator(".on")
    assert {element.get_attribute("data-truck") for element in picked.all()} == {truck}
    assert page.locator("details.truck[open]").count() == 1
    page.keyboard.press("Escape")
    assert page.locator(".on, .picked, details.truck[open]").count() == 0


def test_the_wheel_zooms_in_and_the_button_goes_back(visit: Visit) -> None:
    """Markers keep their size on the screen while the map grows."""
    page = visit.page
    marker = page.locator(".marks circle").first
    before = marker.bounding_box()
    whole = page.locator("#map").get_attribute("viewBox")
    page.locator("#map").hover()
    page.mouse.wheel(0, -500)
    page.wait_for_function("document.getElementById('map').classList.contains('zoomed')")
    after = marker.bounding_box()
    assert before is not None
    assert after is not None
    assert after["width"] == pytest.approx(before["width"], rel=0.1)
    assert page.locator("#map").get_attribute("viewBox") != whole
    page.locator("[data-zoom=all]").click()
    assert page.locator("#map").get_attribute("viewBox") == whole


@pytest.mark.parametrize(("width", "height"), [(1920, 1080), (1366, 768)])
def test_nothing_sticks_out_sideways(visit: Visit, width: int, height: int) -> None:
    """No sideways scrolling on the two screens dispatchers have."""
    visit.page.set_viewport_size({"width": width, "height": height})
    wide = visit.page.evaluate("document.documentElement.scrollWidth")
    assert wide <= width
    map_box = visit.page.locator("#map").bounding_box()
    assert map_box is not None
    assert map_box["y"] + map_box["height"] < height  # the map is seen without scrolling
