# SPDX-License-Identifier: GPL-2.0
"""The picture: instructions and bytes per event, a bar a tracer."""

from html import escape

SHOWN = ("empty", "flightrec", "ftrace", "lttng", "perf", "bpftrace")
WIDTH, LEFT, BAR, GAP = 720, 220, 22, 8
OURS, OTHERS = "#1f7a4d", "#9aa5b1"


def _bars(title, values, top):
    """One diagram, from `top` down; its lines and where it ends."""
    scale = (WIDTH - LEFT - 90) / max(value for _, value, _ in values)
    lines = [f'<text x="10" y="{top + 18}" font-weight="bold">{escape(title)}</text>']
    top += 30
    for name, value, ours in values:
        lines += [f'<text x="{LEFT - 8}" y="{top + 16}" text-anchor="end">{escape(name)}</text>',
                  f'<rect x="{LEFT}" y="{top}" width="{max(value * scale, 1):.1f}" height="{BAR}" '
                  f'fill="{OURS if ours else OTHERS}"/>',
                  f'<text x="{LEFT + value * scale + 6:.1f}" y="{top + 16}">{value:.1f}</text>']
        top += BAR + GAP
    return lines, top + 16


def draw(kernel, names):
    rows = {row["configuration"]: row for row in kernel["rows"] if row["workload"] == "batch"}
    shown = [rows[name] for name in SHOWN if name in rows]
    lines, top = [], 10
    for title, key in (("instructions per event, perf bench sched pipe under SCHED_BATCH", "instructions_per_event"),
                       ("bytes per event", "bytes_per_event")):
        values = [(names[row["configuration"]], row[key], row["configuration"] == "flightrec")
                  for row in shown if row.get(key)]
        more, top = _bars(title, values, top)
        lines += more
    lines.append(f'<text x="10" y="{top + 8}" font-size="12">{escape(kernel["what"])}</text>')
    return (f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{top + 24}" '
            'font-family="sans-serif" font-size="14">\n'
            f'<rect width="{WIDTH}" height="{top + 24}" fill="white"/>\n'
            + "\n".join(lines) + "\n</svg>\n")
