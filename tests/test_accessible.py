"""No page has what axe-core calls a serious or critical barrier; explorer and audit have that in their own tests."""

from __future__ import annotations

from pathlib import Path

from browser import address, chromium, violations
import pytest

import boundkit as bk
from boundkit.report.network_page import network_page
from boundkit.report.review import review_page

BARRIER = (
    "<!DOCTYPE html><html lang=en><title>x</title><main><h1>x</h1><p style='color:#ccc'>pale</p><img src=x></main>"
)


@pytest.mark.slow
def test_reviews_and_networks_have_no_serious_barrier(tmp_path: Path) -> None:
    example = Path(__file__).parent.parent / "examples"
    X = bk.simulate.read_array(str(example / "digits_data.npz"), "X")
    net = bk.simulate.network(str(example / "digits_network.npz"), subspace=bk.simulate.Subspace.from_data(X))
    pages = {
        "review": review_page(bk.review(bk.theorem_5_1), "boundkit review theorem_5_1"),
        "network": network_page(bk.applicable(net, X, attacked=2)),
    }
    with chromium() as driver:
        for name, text in pages.items():
            path = tmp_path / f"{name}.html"
            path.write_text(text, encoding="utf-8")
            driver.get(address(path))
            assert violations(driver) == [], name


@pytest.mark.slow
def test_a_barrier_is_seen(tmp_path: Path) -> None:
    (tmp_path / "bad.html").write_text(BARRIER)
    with chromium() as driver:
        driver.get(address(tmp_path / "bad.html"))
        found = violations(driver)
    assert any("contrast" in one for one in found)
    assert any("alternate text" in one or "alternative text" in one for one in found)
