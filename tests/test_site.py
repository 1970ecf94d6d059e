"""The built documentation: nothing loads from elsewhere, every formula renders, every public name has an entry.

It needs the extra "docs" and takes a minute: pytest -n 0 -m slow tests/test_site.py
"""

from collections.abc import Iterator
from html.parser import HTMLParser
from importlib import import_module
import inspect
import json
from pathlib import Path
import re
import shutil
import subprocess
import sys
from urllib.parse import unquote, urlsplit

from browser import address, chromium, violations
import pytest
from support import STATEMENTS

import boundkit as bk

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parent.parent
LOADED = {  # the attributes by which an element loads a file; a link that a reader has to follow loads nothing
    "audio": "src", "embed": "src", "iframe": "src", "image": "href", "img": "src", "link": "href", "object": "data",
    "script": "src", "source": "src", "use": "href", "video": "src",
}  # fmt: skip


class Page(HTMLParser):
    """What a page loads, and its formulas."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.loads: list[str] = []
        self.formulas: list[list] = []
        self.unnamed: list[str] = []
        self.inside = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.loads += [given[LOADED[tag]]] if given.get(LOADED.get(tag, "")) else []
        self.loads += [part.split()[0] for part in (given.get("srcset") or "").split(",") if part.strip()]
        self.loads += loaded_by_css(given.get("style") or "")
        picture = given.get("role") == "img" or (tag == "img" and given.get("class") != "toggler")  # Sphinx's own signs
        name = given.get("alt") or given.get("aria-label") or ""
        self.unnamed += [str(given)] if picture and len(name.split()) < 2 else []  # one word is the name of a file
        self.inside = "math" in (given.get("class") or "").split()
        self.formulas += [[tag == "div", ""]] if self.inside else []

    def handle_endtag(self, tag: str) -> None:
        self.inside = False

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.formulas[-1][1] += data


def loaded_by_css(text: str) -> list[str]:
    """What a style sheet may load; data in the sheet itself left out. Only the first file of a font is asked for."""
    text = re.sub(r"(src:url\([^)]*\)[^;},]*),[^;}]*", r"\1", text)
    found = re.findall(r"url\(\s*(\"[^\"]*\"|'[^']*'|[^)]*)\s*\)|@import\s+[\"']([^\"']*)", text)
    return [url for pair in found for part in pair if (url := part.strip("\"'")) and not url.startswith(("data:", "#"))]


def outside(loads: list[str], folder: Path) -> list[str]:
    """Those that are not files of the site."""
    paths = [(url, urlsplit(url)) for url in loads if not url.startswith("data:")]
    return [url for url, at in paths if at.scheme or at.netloc or not (folder / unquote(at.path)).exists()]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pages, built from a copy: the statements' pages are written beside their sources."""
    for needed in ("sphinx", "furo", "myst_nb"):
        pytest.importorskip(needed)
    home = tmp_path_factory.mktemp("site")
    for folder in ("docs", "examples"):
        shutil.copytree(ROOT / folder, home / folder, ignore=shutil.ignore_patterns("_build"))
    built = home / "built"
    command = [sys.executable, "-m", "sphinx", "-q", "-W", "-b", "html", str(home / "docs"), str(built)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return built


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[Path, Page]:
    return {path: Page(path.read_text()) for path in site.rglob("*.html")}


def test_no_page_loads_anything_from_elsewhere(site: Path, pages: dict[Path, Page]) -> None:
    assert len(pages) > len(STATEMENTS)
    assert {path: bad for path, page in pages.items() if (bad := outside(page.loads, path.parent))} == {}
    sheets = {path: loaded_by_css(path.read_text()) for path in site.rglob("*.css")}
    assert any("woff2" in url for urls in sheets.values() for url in urls)
    assert {path: bad for path, urls in sheets.items() if (bad := outside(urls, path.parent))} == {}


def test_what_loads_from_elsewhere_is_seen(tmp_path: Path) -> None:
    away = [
        '<script async src="https://cdn.example/mathjax.js"></script>', '<link href="//cdn.example/a.css">',
        '<img src="missing.png">', '<p style="background: url(http://example/a.png)">',
        '<img srcset="https://example/a.png 2x">',
    ]  # fmt: skip
    assert all(outside(Page(text).loads, tmp_path) for text in away)
    assert loaded_by_css("@import 'https://fonts.example/a'") == ["https://fonts.example/a"]
    assert not Page('<a href="https://example">').loads


def test_every_picture_says_what_is_seen(pages: dict[Path, Page]) -> None:
    assert {path.name: page.unnamed for path, page in pages.items() if page.unnamed} == {}
    assert Page('<img src="a.png">').unnamed
    assert Page('<img src="a.png" alt="curve">').unnamed
    assert not Page('<svg role="img" aria-label="two curves"></svg>').unnamed


def test_every_page_of_a_statement_has_its_parts(site: Path) -> None:
    for name, s in STATEMENTS.items():
        page = (site / "statements" / f"{name}.html").read_text()
        falsifiable = s.truth is not None and s.failure != 0
        assert ("_images/" in page) == falsifiable, name
        assert ("checked by machine" in page) == (s.proof is not None), name
        assert all(f">{e.id}: " in page for e in s.errata), name
        assert ("The proof in full" in page) == (name in bk.BEYOND), name


def test_every_command_is_on_the_page_of_the_command_line(site: Path) -> None:
    page = (site / "statements" / "command_line.html").read_text()
    done = subprocess.run([sys.executable, "-m", "boundkit", "--help"], capture_output=True, text=True, check=True)
    names = re.findall(r"^  (\w+) ", done.stdout.split("Commands:")[1], re.MULTILINE)
    assert len(names) > 20
    assert all(re.search(rf"<h2>boundkit {name}\b", page) for name in names), names


def test_no_kind_of_page_has_a_serious_barrier(site: Path) -> None:
    """Pages are made in few ways; one of each is looked at."""
    names = (
        "index",
        "tutorial",
        "audit",
        "commands",
        "statements/theorem_5_1",
        "statements/errata",
        "laws/index",
        "install",
        "glossary",
        "statements/command_line",
    )
    with chromium() as driver:
        for name in names:
            driver.get(address(site / f"{name}.html"))
            assert violations(driver) == [], name


def test_every_law_has_a_page_with_its_bounds_drawn(site: Path) -> None:
    pages = {path.stem: path.read_text() for path in (site / "laws").glob("*.html")}
    assert len(pages) > 12
    unbounded = {name for name, text in pages.items() if "No statement here bounds it" in text}
    assert {name for name, text in pages.items() if "_images/bounds-" in text} == pages.keys() - unbounded - {"index"}
    assert "binomial" not in unbounded
    assert 'href="../statements/misquoted.html#m6-chernoff-third-wrong-formula"' in pages["binomial"]


@pytest.mark.skipif(not shutil.which("node"), reason="KaTeX needs node outside of a browser")
def test_every_formula_is_one_that_katex_knows(site: Path, pages: dict[Path, Page]) -> None:
    formulas = [[str(path), *formula] for path, page in pages.items() for formula in page.formulas]
    assert len(formulas) > 100
    check = """
    const katex = require(process.argv[1]);
    for (const [page, displayMode, text] of JSON.parse(require("fs").readFileSync(0)))
      try { katex.renderToString(text, { displayMode }) } catch (error) { console.log(page, error.message) }
    """
    command = ["node", "-e", check, str(site / "_static" / "katex" / "katex.min.js")]
    for given, expected in ((formulas, ""), ([["page", True, r"\nonsense{"]], "page KaTeX parse error")):
        done = subprocess.run(command, input=json.dumps(given), capture_output=True, text=True, check=True)
        assert done.stdout.startswith(expected)
        assert expected or not done.stdout, done.stdout


def public_names() -> Iterator[str]:
    """Every public class and function, by the place where it is defined."""
    rooms = ("library.melamed2023.figures", "plots", "simulate", "tails", "testing")
    listed = [bk, *(import_module(f"boundkit.{room}") for room in rooms)]
    for module in listed:
        for name in module.__all__:
            thing = getattr(module, name)
            if inspect.isclass(thing) or inspect.isfunction(thing):
                yield thing.__qualname__


def test_every_public_name_has_an_entry(site: Path) -> None:
    listed = set(re.findall(r'id="boundkit[\w.]*\.(\w+)"', (site / "api.html").read_text()))
    assert set(public_names()) - listed == set()
