"""A headless browser that logs every request; it may be missing anywhere but in CI."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
import json
import os
from pathlib import Path
import shutil
from typing import Any

import pytest


@contextmanager
def browser(width: int = 1300, height: int = 900) -> Iterator[Any]:
    """Chromium without a window, as a selenium driver; a narrow one is a phone."""
    chromium, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if chromium is None or driver is None:
        if os.environ.get("CI"):
            pytest.fail("Chromium is missing: install chromium chromium-driver")
        pytest.skip("Chromium is not installed")
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    for argument in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", f"--window-size={width},{height}"):
        options.add_argument(argument)
    if width < 500:  # no window is that narrow
        screen = {"width": width, "height": height, "pixelRatio": 1.0}
        options.add_experimental_option("mobileEmulation", {"deviceMetrics": screen})
    options.set_capability("goog:loggingPrefs", {"performance": "ALL", "browser": "ALL"})
    running = webdriver.Chrome(options=options, service=Service(driver))
    try:
        yield running
    finally:
        running.quit()


def requests(driver: Any) -> list[str]:
    """The addresses of all requests since the last call; what a page carries in itself (data:) is none."""
    messages = (json.loads(entry["message"])["message"] for entry in driver.get_log("performance"))
    sent = [m["params"]["request"]["url"] for m in messages if m["method"] == "Network.requestWillBeSent"]
    return [url for url in sent if not url.startswith("data:")]


def complaints(driver: Any) -> list[str]:
    """What the console says, since the last call."""
    return [entry["message"] for entry in driver.get_log("browser")]


def address(path: Path) -> str:
    """A file's own address."""
    return path.resolve().as_uri()
