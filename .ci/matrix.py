"""The tests on the built wheel under every Python found, then on the oldest with the lowest versions allowed.

    python .ci/matrix.py [--lowest] [PYTHON ...]

Without a PYTHON it takes the versions that pyproject.toml names, where they are on PATH; --lowest leaves only the last
run. One line a run on stdout; what pip and pytest say goes to stderr. PYTEST_ADDOPTS is pytest's, such as "-n 4".
"""

import os
from pathlib import Path
import re
import shutil
import subprocess
import sys
from tempfile import TemporaryDirectory
import tomllib

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
VERSIONS = re.findall(r"Python :: (3\.\d+)", "\n".join(PROJECT["classifiers"]))
EXTRAS = PROJECT["optional-dependencies"]
# Old releases beside today's: matplotlib 3.9 calls what pyparsing now deprecates. Other warnings stay errors.
OLD = ["-W", "ignore::DeprecationWarning", "-W", "ignore::PendingDeprecationWarning"]
SEEN = """
import importlib.metadata as metadata, platform, boundkit
assert "site-packages" in boundkit.__file__, boundkit.__file__
print("python", platform.python_version(), *(f"{p} {metadata.version(p)}" for p in ("numpy", "scipy", "sympy")))
"""


def lowest() -> str:
    """Constraints for pip: whatever users install, at its lower bound. The tools of the tests stay at their newest."""
    used = PROJECT["dependencies"] + [each for extra in EXTRAS.keys() - {"test", "docs"} for each in EXTRAS[extra]]
    return "\n".join(re.sub(r">=([^,]+).*", r"==\1", each) for each in used)


def version(python: str) -> str:
    """Such as 3.11, or nothing where there is no such interpreter, or only a shim that refuses."""
    ask = "import sys; print(*sys.version_info[:2], sep='.')"
    try:
        return subprocess.run([python, "-c", ask], capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return ""


def call(*words: str | Path, cwd: Path | None = None) -> str:
    return subprocess.run(words, stdout=subprocess.PIPE, text=True, check=True, cwd=cwd).stdout.strip()


def passes(python: str, constraints: str, home: Path) -> bool:
    """One run in an environment and a copy of its own, without the package's files: whether all tests passed."""
    copy = shutil.copytree(ROOT, home / "copy", ignore=shutil.ignore_patterns("boundkit", ".*", "build", "dist"))
    call(python, "-m", "venv", home / "venv")
    own = home / "venv" / "bin" / "python"
    pip = (own, "-m", "pip", "--quiet", "--disable-pip-version-check")
    call(*pip, "wheel", "--no-deps", "--wheel-dir", home, ROOT)
    (home / "constraints.txt").write_text(constraints)
    call(*pip, "install", "--constraint", home / "constraints.txt", f"{next(home.glob('*.whl'))}[test,data]")
    seen, last = call(own, "-c", SEEN, cwd=copy), ""
    words = [own, "-m", "pytest", "-q", *(OLD if constraints else [])]
    with subprocess.Popen(words, cwd=copy, stdout=subprocess.PIPE, text=True) as tests:
        for line in tests.stdout:
            print(line, end="", file=sys.stderr, flush=True)
            last = line.strip()
    print(f"{seen}, {'lowest' if constraints else 'newest'} versions: {last}", flush=True)
    return tests.returncode == 0


def main(words: list[str]) -> int:
    os.environ["HYPOTHESIS_PROFILE"] = "ci"
    os.environ.pop("PYTHONPATH", None)
    pythons = [word for word in words if word != "--lowest"] or [f"python{each}" for each in VERSIONS]
    found = {python: version(python) for python in pythons}
    for python in (python for python, which in found.items() if not which):
        print(f"{python}: not found", flush=True)
    oldest = [python for python, which in found.items() if which == VERSIONS[0]][:1]
    if not oldest:
        print(f"lowest versions: not run, they need Python {VERSIONS[0]}", flush=True)
    runs = [(python, "") for python, which in found.items() if which and "--lowest" not in words]
    runs += [(python, lowest()) for python in oldest]
    passed = []
    for python, constraints in runs:
        with TemporaryDirectory() as home:
            try:
                passed.append(passes(python, constraints, Path(home)))
            except subprocess.CalledProcessError as error:
                passed.append(False)
                kind = "lowest" if constraints else "newest"
                print(f"{python}, {kind} versions: failed before the tests: {error}", flush=True)
    return 0 if passed and all(passed) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
