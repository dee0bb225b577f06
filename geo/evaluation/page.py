"""A page that shows where readings of annotated documents are right, and where they are not."""

from __future__ import annotations

import html
from collections.abc import Mapping
from dataclasses import asdict

from geo.evaluation.scoring import CAUSES, NEAR_KM, Case, Cause, Report, Scored

_MARKS: Mapping[Cause, tuple[str, str]] = {
    "found and placed": ("hit", "✓"),
    "not found": ("miss", "?"),
    "wrong span": ("span", "↔"),
    "spurious": ("spurious", "+"),
    "not in gazetteer": ("far", "∅"),
    "wrong sense": ("far", "≠"),
    "unresolved": ("far", "…"),
}
"""Class and sign of each cause on the page: the sign tells it where colours cannot."""

_STYLE = """
body{font:16px/1.6 system-ui,sans-serif;max-width:52rem;margin:2rem auto;padding:0 1rem;color:#1a1a1a;background:#fff}
mark{padding:0 .15em;border-radius:.2em;color:inherit}mark small{font-weight:700}
.hit{background:#d7f0dc}.miss{background:#fbd9d3}.span{background:#fdebc8}.spurious{background:#e3ddf5}
.far{background:#d4e6f7}table{border-collapse:collapse}td{padding:.1rem .8rem .1rem 0}td+td{text-align:right}
details{margin:.8rem 0;border-top:1px solid #ccc;padding-top:.4rem}summary{cursor:pointer}p{white-space:pre-wrap}
"""


def render_page(report: Report, title: str) -> str:
    """Return a page, complete in itself, that shows each document with hits and misses marked.

    All text of the corpus is escaped: it is hostile until then.
    """
    legend = "".join(
        f'<li><mark class="{name}"><small>{sign}</small> {cause}</mark>: {html.escape(CAUSES[cause])}</li>'
        for cause, (name, sign) in _MARKS.items()
    )
    rows = "".join(
        f"<tr><td>{name.replace('_', ' ')}</td><td>{'–' if value is None else value}</td></tr>"
        for name, value in [*asdict(report.figures).items(), *report.causes.items()]
    )
    documents = "".join(_document_html(scored) for scored in report.documents)
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{html.escape(title)}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style></head><body>'
        f"<h1>{html.escape(title)}</h1><table>{rows}</table><ul>{legend}</ul>{documents}</body></html>\n"
    )


def _document_html(scored: Scored) -> str:
    right = sum(case.cause == "found and placed" for case in scored.cases)
    summary = f"{html.escape(scored.document.id)} · {right} of {len(scored.cases)} right"
    return f"<details><summary>{summary}</summary><p>{_marked(scored)}</p></details>"


def _marked(scored: Scored) -> str:
    text, at, parts = scored.document.text, 0, []
    for case in scored.cases:
        if case.start < at:  # annotations may overlap; the first is shown
            continue
        parts += [html.escape(text[at : case.start]), _mark(text[case.start : case.end], case)]
        at = case.end
    return "".join([*parts, html.escape(text[at:])])


def _mark(text: str, case: Case) -> str:
    name, sign = _MARKS[case.cause]
    where = f"; {case.place.name}, {case.place.country or '–'}" if case.place else ""
    far = f", {case.km:.0f} km off" if case.km is not None and case.km > NEAR_KM else ""
    hint = html.escape(f"{case.cause}{where}{far}", quote=True)
    return f'<mark class="{name}" title="{hint}"><small>{sign}</small> {html.escape(text)}</mark>'
