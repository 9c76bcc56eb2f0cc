# SPDX-License-Identifier: GPL-2.0
"""The picture: what an event costs, a row a tracer and a column a figure.

It has a background of its own, light or dark as the reader's browser asks for,
since the page around it may be either.
"""

from html import escape

import readme

WIDTH, MARGIN, LABELS, COLUMN_GAP, ROW, BAR = 880, 28, 240, 26, 30, 16
VALUES = 54         # for the figure behind a bar
LIGHT = {"page": "#ffffff", "edge": "#d8dee4", "text": "#1f2328", "dim": "#59636e",
         "line": "#d8dee4", "ours": "#0b7a5e", "other": "#a9b4c0", "least": "#d5dce3"}
DARK = {"page": "#12171e", "edge": "#333c46", "text": "#e8edf2", "dim": "#9aa6b2",
        "line": "#3a444f", "ours": "#2fc597", "other": "#5b6875", "least": "#3a444f"}
SHAPES = """
text { font: 13px system-ui, -apple-system, "Segoe UI", "Helvetica Neue", "DejaVu Sans", sans-serif; }
.title { font-size: 17px; font-weight: 600; }
.head, text.ours { font-weight: 600; }
.dim { font-size: 12px; }
.figure { font-variant-numeric: tabular-nums; }
.name { text-anchor: end; }
"""
COLOURS = """
.page {{ fill: {page}; stroke: {edge}; }}
.line {{ stroke: {line}; }}
text {{ fill: {text}; }}
.dim {{ fill: {dim}; }}
rect.ours {{ fill: {ours}; }}
rect.other {{ fill: {other}; }}
rect.least {{ fill: {least}; }}
"""
STYLE = (f"{SHAPES}{COLOURS.format(**LIGHT)}"
         f"@media (prefers-color-scheme: dark) {{{COLOURS.format(**DARK)}}}")


def _text(x, y, text, names):
    return f'<text x="{x:.1f}" y="{y:.1f}" class="{names}">{escape(text)}</text>'


def _kind(name):
    """The colour of a row: ours, what can't be done without, the others."""
    if name.startswith("flightrec"):
        return "ours"
    return "least" if name == "empty" else "other"


def _chart(top, columns, rows):
    """Rows of (kind, label, [figure or None]); columns of (head, unit, digits).

    Each column has its own scale, from zero.
    """
    start = MARGIN + LABELS
    width = (WIDTH - MARGIN - start - COLUMN_GAP * len(columns)) / len(columns)
    lefts = [start + COLUMN_GAP + i * (width + COLUMN_GAP) for i in range(len(columns))]
    lines = [_text(left, top + 12, head, "head") for left, (head, *_) in zip(lefts, columns)]
    top += 24
    bottom = top + ROW * len(rows)
    lines += [f'<line x1="{left}" x2="{left}" y1="{top}" y2="{bottom}" class="line"/>'
              for left in lefts]
    largest = [max(filter(None, (row[2][i] for row in rows)), default=1)
               for i in range(len(columns))]
    for number, (kind, label, figures) in enumerate(rows):
        y = top + ROW * number + (ROW - BAR) / 2
        base = y + BAR - 3.5
        lines.append(_text(start, base, label, f"name {kind}"))
        for left, most, figure, (_, unit, digits) in zip(lefts, largest, figures, columns):
            if figure is None:
                lines.append(_text(left + 8, base, "–", "dim"))
                continue
            length = max(figure / most * (width - VALUES), 1.5)
            lines += [f'<rect x="{left:.1f}" y="{y}" width="{length:.1f}" height="{BAR}" rx="2" '
                      f'class="{kind}"/>',
                      _text(left + length + 6, base, readme.number(figure, digits, unit),
                            f"figure {kind}")]
    return lines, bottom


def _recording(top, part):
    rows = [(_kind(row["configuration"]), readme.label(row["configuration"]),
             [row.get("instructions_per_event"), row["slowdown_percent"], row["bytes_per_event"]])
            for row in readme.by_cost(part["rows"])]
    lines = [_text(MARGIN, top, "What a tracer adds to the scheduler", "title"),
             _text(MARGIN, top + 20, "sched_switch and sched_waking during perf bench sched pipe, "
                   f"{part['what'].split(',')[0]}, time counted in instructions", "dim")]
    more, bottom = _chart(top + 40, [("instructions per event", "", 0), ("slow-down", "%", 1),
                                     ("bytes per event", "", 1)], rows)
    return lines + more, bottom


def _native(top, part):
    row = part["rows"][0]
    rows = [("least", "read the clock, store 8 bytes", [row["floor_ns"]]),
            ("ours", "flightrec", [row["event_ns"]]),
            ("other", "LTTng-UST, snapshot session", [row["lttng_ns"]])]
    lines = [_text(MARGIN, top, "An event natively", "title"),
             _text(MARGIN, top + 20, readme.machine(part), "dim")]
    more, bottom = _chart(top + 40, [("nanoseconds per event, one thread", "", 1)], rows)
    return lines + more, bottom


def draw(results):
    """The picture as text; None if there is nothing to show."""
    lines, bottom = [], 4
    for name, part in (("kernel", _recording), ("native", _native)):
        if name in results:
            more, bottom = part(bottom + 36, results[name])
            lines += more
    if not lines:
        return None
    height = bottom + 24
    return (f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height:.0f}" '
            f'viewBox="0 0 {WIDTH} {height:.0f}" role="img">\n'
            "<title>What recording an event costs, beside other tracers</title>\n"
            f"<style>{STYLE}</style>\n"
            f'<rect x="0.5" y="0.5" width="{WIDTH - 1}" height="{height - 1:.0f}" rx="8" '
            'class="page"/>\n' + "\n".join(lines) + "\n</svg>\n")
