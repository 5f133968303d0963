"""What the figures of several servers say of each other, as Markdown, and whether our goals are reached."""

import math
import statistics

# Two-sided 95 % of Student's t by degrees of freedom.
T95 = [12.71, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131]


SELECT, TPC_B = 0, 1  # in the pair of a turn


def ratio(of, to):
    """The geometric mean of paired ratios and its 95 % interval, by Student's t on their logarithms."""
    logs = [math.log(a / b) for a, b in zip(of, to)]
    mean = statistics.fmean(logs)
    free = len(logs) - 1
    half = T95[min(free, len(T95)) - 1] * statistics.stdev(logs) / math.sqrt(len(logs)) if free else math.inf
    return math.exp(mean), math.exp(mean - half), math.exp(mean + half)


def text(figure):
    return "{:.3f} ({:.3f} to {:.3f})".format(*figure)


def table(title, columns, rows):
    print(f"\n{title}\n\n| server | {' | '.join(columns)} |\n|---{'|---' * len(columns)}|")
    for name, cells in rows.items():
        print(f"| {name} | {' | '.join(cells)} |")


def column(figures, name, script, what):
    """One figure of every turn of a server."""
    return [getattr(turn[script], what) for turn in figures[name]]


def rates(figures, script):
    """The rows about transactions per second and CPU time: medians, spreads and ratios."""
    for name in figures:
        tps, cpu = column(figures, name, script, "tps"), column(figures, name, script, "cpu")
        yield (
            name,
            [f"{statistics.median(tps):.0f}", f"{min(tps):.0f} to {max(tps):.0f}"]
            + [
                "1" if name == other else text(ratio(tps, column(figures, other, script, "tps")))
                for other in ("default", "pgtune")
            ]
            + [
                f"{statistics.median(cpu):.1f}",
                "1" if name == "default" else text(ratio(cpu, column(figures, "default", script, "cpu"))),
            ],
        )


def per_thousand(figures, name, what):
    """A count of the server's for each 1000 transactions of TPC-B."""
    return sum(column(figures, name, TPC_B, what)) / sum(column(figures, name, TPC_B, "transactions")) * 1000


def goals(figures):
    """What was to be reached: (goal, whether it is, figure)."""
    for script, title, least in ((SELECT, "select-only", 1.05), (TPC_B, "TPC-B", 0.97)):
        found = ratio(column(figures, "cloudsail", script, "tps"), column(figures, "default", script, "tps"))
        yield f"{title} at least {least} of default", found[0] >= least, text(found)
    for script, title in ((SELECT, "select-only"), (TPC_B, "TPC-B")):
        found = ratio(column(figures, "cloudsail", script, "tps"), column(figures, "pgtune", script, "tps"))
        yield f"{title} not below pgtune beyond the spread", found[2] >= 1, text(found)
    ours = per_thousand(figures, "cloudsail", "backend_writes")
    fewer = per_thousand(figures, "default", "backend_writes") / ours if ours else math.inf
    yield "at least 50 times fewer buffers written by backends", fewer >= 50, f"{fewer:.0f} times"


def report(figures):
    """Prints what every server did and what is reached; `figures` has (select-only, TPC-B) of every turn by server."""
    columns = ["median", "spread", "of default", "of pgtune", "µs of CPU for one", "of default"]
    table("Select-only, transactions per second", columns, dict(rates(figures, SELECT)))
    table("TPC-B, transactions per second", columns, dict(rates(figures, TPC_B)))
    counts = {
        "buffers written by backends": "backend_writes",
        "new pages": "new_pages",
        "by the background writer": "cleaner_writes",
        "by checkpoints": "checkpoint_writes",
        "bytes of WAL": "wal_bytes",
    }
    rows = {name: [f"{per_thousand(figures, name, what):.1f}" for what in counts.values()] for name in figures}
    table("TPC-B, for each 1000 transactions", list(counts), rows)
    print()
    for goal, holds, figure in goals(figures):
        print(f"{'reached' if holds else 'NOT reached'}: {goal}: {figure}")
