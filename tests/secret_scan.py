"""Looks for secrets in the repository, as a part of `make check`: `python -m tests.secret_scan`.

detect-secrets knows the shapes of tokens and keys. What it finds must be among the values below, which are made up for
tests and open nothing. KNOWN holds their hashes.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterable
from multiprocessing import Pool
from pathlib import Path

from detect_secrets.core.plugins.util import get_mapping_from_secret_type_to_class
from detect_secrets.core.scan import scan_file
from detect_secrets.settings import transient_settings

ROOT = Path(__file__).parents[1]
# The detectors that guess by entropy or by the name of a variable find hundreds of digests and names of ours.
GUESSING = {"Base64HighEntropyString", "HexHighEntropyString", "KeywordDetector", "IPPublicDetector"}
DATA = (".png", ".woff2", ".po", ".pot", ".svg", "package-lock.json", "openapi.json")
KNOWN = {
    "1a91d62f7ca67399625a4368a6ab5d4a3baa6073",
    "906072001efddf3e11e6d2b5782f4777fe038739",
    "aa4db2438eee00715b0fd25ca0a89f6a50533b8b",
    "c8209ec0ecef16659082bb53f835ac497e13cfd9",
    "e705341967492bb3c01e9dfbd3e191551fcaedce",
    "f3bbbd66a63d4bf1747940578ec3d0103530e21d",
}


def tracked_files() -> list[str]:
    """The files of the repository that could hold a secret somebody typed."""
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True)
    return [str(ROOT / name) for name in listed.stdout.splitlines() if not name.endswith(DATA)]


def find_secrets(files: Iterable[str]) -> list[str]:
    """A line for each secret that is not known: the place, its kind, and the hash by which it could be made known."""
    with Pool(2) as pool:
        return [line for found in pool.imap_unordered(_scan, files, chunksize=20) for line in found]


def _scan(file: str) -> list[str]:
    kinds: list[type] = [*get_mapping_from_secret_type_to_class().values()]
    detectors = [{"name": kind.__name__} for kind in kinds if kind.__name__ not in GUESSING]
    with transient_settings({"plugins_used": detectors}):
        found = [secret for secret in scan_file(file) if secret.secret_hash not in KNOWN]
    return [f"{file}:{one.line_number}: {one.type} ({one.secret_hash})" for one in found]


if __name__ == "__main__":
    found = sorted(find_secrets(tracked_files()))
    sys.stdout.writelines(f"{line}\n" for line in found)
    sys.stdout.write(f"Secrets: {len(found)} in the repository.\n")
    sys.exit(bool(found))
