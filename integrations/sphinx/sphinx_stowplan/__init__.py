"""Sphinx: the directive ``stowplan`` shows an image; its snapshot and the element are static files of the site."""

from __future__ import annotations

import shutil
from pathlib import Path

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.errors import SphinxError
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective
from sphinx.util.osutil import relative_uri

from . import shared

log = logging.getLogger(__name__)
OPTIONS = [name for name in shared.NAMES if name != "reference"]


class ContradictedError(SphinxError):
    """A page and its snapshot do not fit."""

    category = "Stowplan"


class Plan(nodes.General, nodes.Element):
    """An image: `attributes` of the element, and the file of its snapshot."""


class StowplanDirective(SphinxDirective):
    """``.. stowplan:: REFERENCE`` with the options of a fence, which may also stand in its content."""

    optional_arguments = 1
    final_argument_whitespace = True
    has_content = True
    option_spec = {name: directives.unchanged for name in OPTIONS}

    def run(self) -> list[nodes.Node]:
        source, line = self.get_source_info()
        page = Path(source)
        config = self.env.config
        body = [*self.arguments, *(f"{name}: {value}" for name, value in self.options.items()), *self.content]
        keeping = shared.Keeping(config.stowplan_offline, config.stowplan_refresh, list(config.stowplan_command))
        try:
            attributes = shared.read_fence("\n".join(body))
            place = shared.keep(attributes, page, Path(self.env.srcdir), keeping)
        except shared.Contradiction as error:
            raise ContradictedError(f"{self.env.doc2path(self.env.docname, False)}:{line}: {error}") from error
        if any(attributes.get(name) for name in shared.SIGNER):
            message = "who signed the image is not checked here: run npx stowplan docs (identity-not-checked)"
            log.warning(message, location=(self.env.docname, line))
        self.env.note_dependency(str(place))
        return [Plan("", image=attributes, place=str(place))]


def visit_html(translator, node: Plan) -> None:
    builder = translator.builder
    place = Path(node["place"])
    name = f"_static/{shared.FOLDER}/{shared.published_name(place)}"
    target = Path(builder.outdir) / name
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(place, target)
    src = relative_uri(builder.get_target_uri(builder.current_docname), name)
    translator.body.append(shared.element(node["image"], src))
    raise nodes.SkipNode


def visit_text(translator, node: Plan) -> None:
    """Where there is no browser, the name of the image stands there."""
    text = nodes.paragraph("", node["image"].get("reference", ""))
    text.walkabout(translator)
    raise nodes.SkipNode


def add_element(app: Sphinx) -> None:
    if app.builder.format == "html":
        app.config.html_static_path.append(str(shared.ELEMENT.parent))
        app.add_js_file(f"{shared.FOLDER}/{shared.SCRIPT}", type="module")


def setup(app: Sphinx) -> dict:
    app.add_config_value("stowplan_offline", False, "env", [bool])
    app.add_config_value("stowplan_refresh", False, "env", [bool])
    app.add_config_value("stowplan_command", shared.COMMAND, "", [list])
    app.add_node(
        Plan,
        html=(visit_html, None),
        latex=(visit_text, None),
        text=(visit_text, None),
        man=(visit_text, None),
        texinfo=(visit_text, None),
    )
    app.add_directive("stowplan", StowplanDirective)
    app.connect("builder-inited", add_element)
    return {"version": "0.1.0", "parallel_read_safe": True, "parallel_write_safe": True}
