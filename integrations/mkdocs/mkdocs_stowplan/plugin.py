"""MkDocs: fences become elements; their snapshots and the element are files of the site."""

from __future__ import annotations

import re
from pathlib import Path

from mkdocs.config import config_options
from mkdocs.config.base import Config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.plugins import BasePlugin, get_plugin_logger
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page
from mkdocs.utils import get_relative_url

from . import shared

log = get_plugin_logger("stowplan")
FENCE = re.compile(r"^(?P<indent>[ \t]*)(?P<fence>`{3,}|~{3,})(?P<info>[^`\n]*)$")


class StowplanConfig(Config):
    """What stands below `stowplan` in mkdocs.yml."""

    offline = config_options.Type(bool, default=False)
    refresh = config_options.Type(bool, default=False)
    command = config_options.ListOfItems(config_options.Type(str), default=shared.COMMAND)


class StowplanPlugin(BasePlugin[StowplanConfig]):
    """Shows images where a page has a fence ``stowplan``."""

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        script = config_options.ExtraScriptValue(f"{shared.FOLDER}/{shared.SCRIPT}")
        script.type = "module"
        config.extra_javascript.append(script)
        return config

    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        for path in sorted(shared.ELEMENT.iterdir()):
            files.append(File.generated(config, f"{shared.FOLDER}/{path.name}", abs_src_path=str(path)))
        return files

    def on_page_markdown(self, markdown: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
        if "stowplan" not in markdown:
            return markdown
        # The front matter is cut off before: lines are counted in the file.
        source = page.file.content_string
        above = source[: len(source) - len(markdown)].count("\n") if source.endswith(markdown) else 0
        return "\n".join(self._lines(markdown.split("\n"), above, page, config, files))

    def _lines(self, lines: list[str], above: int, page: Page, config: MkDocsConfig, files: Files) -> list[str]:
        out: list[str] = []
        at = 0
        while at < len(lines):
            match = FENCE.match(lines[at])
            if not match:
                out.append(lines[at])
                at += 1
                continue
            end = _end(lines, at, match["fence"])
            if (match["info"].split() or [""])[0] == "stowplan":
                body = "\n".join(lines[at + 1 : end])
                out.append(match["indent"] + self._element(body, above + at + 1, page, config, files))
            else:
                out.extend(lines[at : end + 1])
            at = end + 1
        return out

    def _element(self, body: str, line: int, page: Page, config: MkDocsConfig, files: Files) -> str:
        source = Path(page.file.abs_src_path or page.file.src_uri)
        where = f"{page.file.src_uri}:{line}"
        keeping = shared.Keeping(self.config.offline, self.config.refresh, list(self.config.command))
        try:
            attributes = shared.read_fence(body)
            place = shared.keep(attributes, source, Path(config.docs_dir), keeping)
        except shared.Contradiction as error:
            raise PluginError(f"{where}: {error}") from error
        if any(attributes.get(name) for name in shared.SIGNER):
            log.warning("%s: who signed the image is not checked here: run npx stowplan docs (identity-not-checked)", where)
        uri = f"{shared.FOLDER}/{shared.published_name(place)}"
        if not files.get_file_from_path(uri):
            files.append(File.generated(config, uri, abs_src_path=str(place)))
        return shared.element(attributes, get_relative_url(uri, page.url))


def _end(lines: list[str], start: int, fence: str) -> int:
    """The line that closes a fence, or the last one."""
    for at in range(start + 1, len(lines)):
        text = lines[at].strip()
        if len(text) >= len(fence) and set(text) == {fence[0]}:
            return at
    return len(lines) - 1
