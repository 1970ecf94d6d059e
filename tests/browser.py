"""A headless Chromium that logs every request and every line of the console, for pages that must work from a file."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
import json
import os
from pathlib import Path
import re
import shutil
import time

import pytest
from selenium import webdriver
from selenium.webdriver.remote.webdriver import WebDriver

SECONDS = 30  # for anything that a page is asked


@contextmanager
def chromium(width: int = 1400, height: int = 900) -> Iterator[WebDriver]:
    """A browser; without one the tests are skipped, in CI they fail."""
    browser, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if not (browser and driver):
        says = "no chromium and chromedriver; install them: apt-get install chromium chromium-driver"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(says)
    options = webdriver.ChromeOptions()
    options.binary_location = browser
    for word in ("headless=new", "no-sandbox", "disable-gpu", "disable-dev-shm-usage", "disable-background-networking"):
        options.add_argument(f"--{word}")
    options.add_argument(f"--window-size={width},{height}")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    started = webdriver.Chrome(options=options, service=webdriver.ChromeService(driver))
    try:
        started.set_page_load_timeout(SECONDS)
        started.set_script_timeout(SECONDS)
        if width < 700:
            resize(started, width, height)
        yield started
    finally:
        started.quit()


def violations(driver: WebDriver) -> list[str]:
    """What axe-core calls a serious or critical barrier on the page; without it tests are skipped, in CI they fail."""
    try:
        axe = files("axe_core_python").joinpath("axe.min.js").read_text(encoding="utf-8")
    except ModuleNotFoundError:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("no axe-core; install it: pip install axe-core-python")
    driver.set_script_timeout(4 * SECONDS)
    driver.execute_script(axe)
    found = driver.execute_async_script("axe.run().then(arguments[0], error => arguments[0]({error: String(error)}))")
    assert found.get("passes"), found
    return [
        f"{one['impact']}: {one['help']}: {[node['html'][:200] for node in one['nodes'][:3]]}"
        for one in found["violations"]
        if one["impact"] in ("serious", "critical")
    ]


def resize(driver: WebDriver, width: int, height: int) -> None:
    """A window of this size, also one narrower than a desktop's browser allows."""
    size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 700}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)


def wait(driver: WebDriver, condition: str) -> None:
    """Until a JavaScript condition holds."""
    until = time.monotonic() + SECONDS
    while not driver.execute_script(f"return Boolean({condition})"):
        assert time.monotonic() < until, f"still not: {condition}; console: {driver.get_log('browser')}"
        time.sleep(0.05)


def requested(driver: WebDriver) -> list[str]:
    """Every address asked for since the last call; what a page carries in itself is none."""
    events = (json.loads(line["message"])["message"] for line in driver.get_log("performance"))
    asked = [e["params"]["request"]["url"] for e in events if e["method"] == "Network.requestWillBeSent"]
    return [url for url in asked if not url.startswith("data:")]


def address(path: Path) -> str:
    """A file's own address."""
    return path.resolve().as_uri()


# Bokeh 3.10 says so where an axis gets other labels: its own list keeps the labels that it removed. Nothing is amiss.
REMOVED_TWICE = re.compile(r'"PlainTextView\(\w+\)\.remove\(\): view was already destroyed"$')


def complaints(driver: WebDriver) -> list[str]:
    """What the console says beyond information, since the last call."""
    said = (line["message"] for line in driver.get_log("browser") if line["level"] not in ("INFO", "DEBUG"))
    return [message for message in said if not REMOVED_TWICE.search(message)]
