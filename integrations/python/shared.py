"""What the plugins for MkDocs and Sphinx share: fences, their snapshots, and the element that shows them.

A snapshot that is there is held against the page's pin by its bytes, with no program besides Python. One that is missing
is made by the program `stowplan`, which asks the registry.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import html
import json
import re
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

NAMES = (
    "reference",
    "digest",
    "platform",
    "view",
    "theme",
    "lang",
    "page",
    "proxy",
    "snapshot",
    "identity",
    "issuer",
    "repository",
    "key",
)
SIGNER = ("identity", "repository", "key")
SHOWN = ("digest", "platform", "view", "theme", "lang", "page")
FOLDER = "stowplan"
SCRIPT = "stow-plan-define.js"
ELEMENT = Path(__file__).parent / "element" / FOLDER
COMMAND = ["npx", "--yes", "stowplan"]
# As `www/engine/snapshot.js` bounds a snapshot.
LARGEST_SNAPSHOT = 48 << 20
LONGEST_LINE = 2048
PATIENCE_SECONDS = 300


class Contradiction(Exception):
    """A page and its snapshot do not fit; `code` is stable."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{message} ({code})")
        self.code = code


@dataclass
class Keeping:
    """How snapshots are kept during one build."""

    offline: bool = False
    refresh: bool = False
    command: list[str] = field(default_factory=lambda: list(COMMAND))


def read_fence(body: str) -> dict[str, str]:
    """Reads a reference on a line of its own and `name: value` lines.

    `integrations/core/fence.js` reads the same: a test holds both against one table of cases. A snapshot that is there
    needs no Node.js, so the rule stands in Python, too.
    """
    found: dict[str, str] = {}
    for line in (one.strip() for one in body.split("\n")):
        if not line or line.startswith("#"):
            continue
        units = len(line.encode("utf-16-le", "surrogatepass")) // 2
        if units > LONGEST_LINE:
            raise Contradiction("invalid-fence", f"a line has {units} characters, more than {LONGEST_LINE}")
        match = re.match(r"([a-z]+):\s+(.*)$", line)
        name, value = match.groups() if match else ("reference", line)
        if name not in NAMES:
            raise Contradiction("invalid-fence", f'"{name}" is not known: a fence takes {", ".join(NAMES)}')
        if name in found:
            raise Contradiction("invalid-fence", f'"{name}" stands there twice')
        found[name] = value
    if not found.get("reference") and not found.get("snapshot"):
        raise Contradiction("invalid-fence", "there is no image reference and no snapshot")
    return found


def snapshot_name(reference: str) -> str:
    """The name of an image's snapshot if the page gives none; `integrations/core/fence.js` makes the same."""
    return re.sub(r"[^A-Za-z0-9.]+", "-", reference) + ".stowplan.json"


def keep(attributes: dict[str, str], page: Path, root: Path, keeping: Keeping) -> Path:
    """Finds or makes the snapshot of a fence and holds it against the page; returns its file."""
    place = _place(attributes, page, root)
    reference = attributes.get("reference")
    asks = reference and not keeping.offline
    if asks and (keeping.refresh or not place.exists()):
        _make(attributes, place, keeping)
    if not place.exists():
        raise Contradiction("snapshot-missing", f"there is no snapshot at {place}")
    _check(_read(place), attributes)
    return place


def published_name(place: Path) -> str:
    """The name of a snapshot on the site, which changes with its content."""
    stem = re.sub(r"(\.stowplan)?\.json$", "", place.name)
    digest = hashlib.sha256(place.read_bytes()).hexdigest()[:12]
    return f"{re.sub(r'[^A-Za-z0-9._-]', '-', stem)}-{digest}.stowplan.json"


def element(attributes: dict[str, str], src: str) -> str:
    """The HTML of the element, within a block so that Markdown leaves it alone."""
    shown = {"src": src, **{name: attributes[name] for name in SHOWN if attributes.get(name)}}
    words = "".join(f' {name}="{html.escape(value)}"' for name, value in shown.items())
    label = html.escape(attributes.get("reference") or attributes.get("snapshot", ""))
    return f'<div class="stowplan"><stow-plan{words}><code>{label}</code></stow-plan></div>'


def _place(attributes: dict[str, str], page: Path, root: Path) -> Path:
    name = attributes.get("snapshot")
    if not name:
        return page.parent / snapshot_name(attributes["reference"])
    if re.match(r"[A-Za-z][A-Za-z0-9+.-]*:|//", name):
        raise Contradiction("remote-snapshot", f"{name} is not a file of this site")
    return root / name.lstrip("/") if name.startswith("/") else page.parent / name


def _make(attributes: dict[str, str], place: Path, keeping: Keeping) -> None:
    program = shutil.which(keeping.command[0])
    if not program:
        raise Contradiction(
            "program-missing",
            f"there is no {keeping.command[0]} to make {place.name} with: install Node.js 20, or make it elsewhere with"
            f" npx stowplan snapshot {attributes['reference']} -o {place.name}",
        )
    words = [program, *keeping.command[1:], "snapshot", attributes["reference"], "-o", str(place)]
    if attributes.get("platform"):
        words += ["--platform", attributes["platform"]]
    if attributes.get("digest"):
        words += ["--expect", attributes["digest"]]
    done = subprocess.run(words, capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=False)
    if done.returncode == 1:
        raise Contradiction("digest-mismatch", f"the registry serves another image:\n{done.stderr.strip()}")
    if done.returncode != 0:
        raise Contradiction("snapshot-impossible", done.stderr.strip()[:2000])


def _read(place: Path) -> dict:
    if place.stat().st_size > LARGEST_SNAPSHOT:
        raise Contradiction("limit-exceeded", f"{place} has more than {LARGEST_SNAPSHOT} bytes")
    try:
        snapshot = json.loads(place.read_text("utf-8"))
    except (ValueError, RecursionError) as error:
        raise Contradiction("invalid-snapshot", f"{place} is not JSON: {error}") from error
    descriptors = snapshot.get("descriptors") if isinstance(snapshot, dict) else None
    if not isinstance(descriptors, list) or not descriptors or snapshot.get("stowplanSnapshot") != 1:
        raise Contradiction("invalid-snapshot", f"{place} is not a snapshot of version 1")
    return snapshot


def _check(snapshot: dict, attributes: dict[str, str]) -> None:
    held = {_hashed(one) for one in snapshot["descriptors"]}
    root = snapshot.get("digest")
    if root not in held:
        raise Contradiction("failed-digest", f"the snapshot holds no document with its digest {root}")
    reference = attributes.get("reference", "")
    for pin in (attributes.get("digest"), reference.partition("@")[2]):
        if pin and pin != root:
            message = "the page pins another digest than the snapshot has"
            raise Contradiction("digest-mismatch", f"{message}\n    expected {pin}\n    found    {root}")
    named, kept = _canonical(reference), _canonical(str(snapshot.get("reference", "")))
    if named and kept and "@" not in named and named != kept:
        message = "the snapshot is of another image than the page names"
        raise Contradiction("reference-mismatch", f"{message}\n    expected {named}\n    found    {kept}")


def _hashed(descriptor: object) -> str:
    """The digest of a document of a snapshot, computed from its bytes."""
    if not isinstance(descriptor, dict):
        raise Contradiction("invalid-snapshot", "a descriptor of the snapshot is no object")
    try:
        data = base64.b64decode(str(descriptor.get("data")), validate=True)
    except (binascii.Error, ValueError) as error:
        raise Contradiction("invalid-snapshot", "the data of a descriptor is not base64") from error
    digest = str(descriptor.get("digest"))
    algorithm = digest.partition(":")[0]
    if algorithm not in ("sha256", "sha512"):
        raise Contradiction("invalid-snapshot", f"{digest[:80]} is no digest")
    found = f"{algorithm}:{hashlib.new(algorithm, data).hexdigest()}"
    if found != digest or descriptor.get("size") != len(data):
        message = "a document of the snapshot is not what its descriptor says"
        raise Contradiction("failed-digest", f"{message}\n    expected {digest}\n    found    {found}")
    return found


def _canonical(reference: str) -> str:
    """A name of Docker Hub with its tag; others stay as they are."""
    name = re.sub(r"^(index\.)?docker\.io/", "", reference)
    name = re.sub(r"^library/", "", name)
    return name if not name or "@" in name or ":" in name.rpartition("/")[2] else f"{name}:latest"
