"""`python -m common.locale [--check]`: see the package's docstring."""

from __future__ import annotations

import sys

from common.languages import LANGUAGES
from common.locale import sources
from common.locale.checks import problems


def update_catalogues() -> None:
    """Update the template and the catalogues from the sources."""
    found = sources.extract()
    sources.write(sources.TEMPLATE, found, omit_header=True)
    for language in LANGUAGES:
        sources.write(sources.path_of(language), sources.update_catalogue(language, found))


def check() -> list[str]:
    """The problems of the template and of each language."""
    found = sources.extract()
    wrong = list(problems("en", sources.read(sources.TEMPLATE), found))
    for language in LANGUAGES:
        wrong += problems(language, sources.read(sources.path_of(language), language), found)
    return wrong


def main(arguments: list[str]) -> int:
    if "--check" not in arguments:
        update_catalogues()
    wrong = check()
    sys.stdout.write("".join(f"{problem}\n" for problem in wrong))
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
