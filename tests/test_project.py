"""The packaging says one thing: pins, versions, commands, and the files that travel with the code."""

from __future__ import annotations

import configparser
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from importlib.metadata import entry_points, packages_distributions, version
from pathlib import Path

import pytest

from common.settings.version import RELEASE
from tests.test_layers import PACKAGES, ROOT, _imports, modules

PIN = re.compile(r"([A-Za-z0-9_.-]+)==([^\s;]+)(?: ; (.+))?")


def setup() -> configparser.ConfigParser:
    parsed = configparser.ConfigParser()
    parsed.read(ROOT / "setup.cfg")
    return parsed


def pins(name: str) -> dict[str, str]:
    lines = (ROOT / name).read_text().splitlines()
    found = [PIN.fullmatch(line) for line in lines if line and not line.startswith(("#", "-r ", "-e "))]
    assert all(found), f"{name} holds a line that pins nothing"
    return {normal(hit[1]): hit[2] for hit in found if hit}


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_the_requirements_end_in_the_project_itself_which_is_used_where_it_lies() -> None:
    """A copy would be a second program beside the checkout, and an update of one of them would be half an update."""
    assert (ROOT / "requirements.txt").read_text().splitlines()[-1] == "-e ."
    assert (ROOT / "requirements-dev.txt").read_text().count("-r requirements.txt") == 1


def test_nothing_is_pinned_twice_and_what_is_pinned_is_what_is_tested() -> None:
    production, development = pins("requirements.txt"), pins("requirements-dev.txt")
    assert not set(production) & set(development)
    installed = {name: version(name) for name in {**production, **development}}
    assert installed == {**production, **development}


def test_the_installed_packages_fit_together() -> None:
    checked = subprocess.run([sys.executable, "-m", "pip", "check"], capture_output=True, text=True, timeout=120)
    assert checked.returncode == 0, checked.stdout


def test_production_imports_only_what_production_installs() -> None:
    wheels, pinned = packages_distributions(), pins("requirements.txt")
    for name, path in modules():
        if name == "sandbox.pytest_fixture":  # a plugin, which only pytest imports
            continue
        for module in {module.partition(".")[0] for module in _imports(path)} - set(sys.stdlib_module_names):
            if module not in PACKAGES:
                assert {normal(wheel) for wheel in wheels[module]} & set(pinned), f"{name} imports {module}"


def test_the_version_is_said_once() -> None:
    assert setup()["metadata"]["version"] == "attr: common.settings.version.RELEASE"


def test_the_changelog_begins_with_this_release_and_says_what_a_host_does() -> None:
    newest = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8").split("\n## ")[1]
    assert newest.partition("\n")[0] in (RELEASE, f"{RELEASE} (not yet released)")
    assert "\n**What a host does**: " in newest


def test_the_tools_check_for_the_oldest_python_we_promise() -> None:
    oldest = setup()["options"]["python_requires"].removeprefix(">=")
    ruff = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["ruff"]["target-version"]
    assert (ruff, setup()["mypy"]["python_version"]) == (f"py{oldest.replace('.', '')}", oldest)


def test_the_command_leads_somewhere() -> None:
    (command,) = entry_points(group="console_scripts", name="felix-hub")
    assert callable(command.load())


@pytest.mark.parametrize("name", ["Procfile", "Procfile.demo"])
def test_every_line_of_a_procfile_starts_something_that_exists(name: str) -> None:
    for line in (ROOT / name).read_text().splitlines():
        words = shlex.split(line.partition(":")[2])
        program = words[1] if words[0] == "exec" else words[0]
        assert shutil.which(program, path=str(Path(sys.executable).parent)), line
        if "-m" in words:
            assert (ROOT / words[words.index("-m") + 1] / "__main__.py").exists(), line


def test_every_file_beside_the_code_is_installed_with_it() -> None:
    """Templates, static files and catalogues lie in directories that are no packages."""
    patterns = [pattern.strip() for pattern in setup()["options.package_data"]["*"].split(",")]
    tracked = subprocess.run(["git", "ls-files", *PACKAGES], cwd=ROOT, capture_output=True, text=True, timeout=60)
    if tracked.returncode:
        pytest.skip("not a git checkout: nothing says which files are ours")
    for file in tracked.stdout.splitlines():
        suffix = Path(file).suffix
        assert suffix == ".py" or f"**/*{suffix}" in patterns or f"**/{Path(file).name}" in patterns, file


@pytest.mark.parametrize("folder", ["faults", "integration"])
def test_fault_tests_script_what_goes_wrong_and_never_sleep(folder: str) -> None:
    """They wait on conditions (tests/support/waiting.py); what Telegram does wrong is a script of the emulator."""
    sleepers = [path.name for path in (ROOT / "tests" / folder).glob("*.py") if "sleep(" in path.read_text()]

    assert sleepers == []
