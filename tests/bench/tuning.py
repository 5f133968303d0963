"""pgbench on a server with defaults, with pgtune's settings and with ours; scripts/bench tuning starts it.

  scripts/bench tuning                               five rounds, in less than twenty minutes
  scripts/bench tuning --rounds 9 --seconds 60       more and longer ones
  scripts/bench tuning --try calm=bgwriter_delay=200ms,jit=on    one more server: ours but for these settings
"""

import argparse
import contextlib
import itertools
import math
import os
import pathlib
import statistics
import sys
import tempfile

ROOT = pathlib.Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tests/servers"))

from control_group import capped
from huge_pages import Refused, reserved
from pgbench import SELECT_ONLY, TPC_B, load, run
from postgres import Server, ServerError, belong, installed, missing
from tune import TuneError, as_file, by_name, tune

MIB = 2**20
MEMORY_MIB, CPU, DISK_GIB, CONNECTIONS, WORKLOAD = 2048, 2, 100, 100, "oltp"
# Two-sided 95 % of Student's t by degrees of freedom.
T95 = [12.71, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131]


def ratio(of, to):
    """The geometric mean of paired ratios and its 95 % interval, by Student's t on their logarithms."""
    logs = [math.log(a / b) for a, b in zip(of, to)]
    mean = statistics.fmean(logs)
    free = len(logs) - 1
    half = T95[min(free, len(T95)) - 1] * statistics.stdev(logs) / math.sqrt(len(logs)) if free else math.inf
    return math.exp(mean), math.exp(mean - half), math.exp(mean + half)


def profiles(version, cloudsail, more):
    """The servers to compare, by name: (settings, huge pages to reserve)."""
    ours = {"version": version, "memory_mib": MEMORY_MIB, "cpu": CPU, "disk_gib": DISK_GIB, "workload": WORKLOAD, "max_connections": CONNECTIONS}
    theirs = {"version": version, "os": "linux", "workload": WORKLOAD, "memory": MEMORY_MIB, "memory_unit": "MB"}
    theirs |= {"cpus": CPU, "connections": CONNECTIONS, "disk": "ssd", "size": "mid_ram"}
    pgtune = by_name(tune(cloudsail, [theirs], "--pgtune")[0]["settings"])
    answer = tune(cloudsail, [ours])[0]
    settings, pages = by_name(answer["settings"]), int(by_name(answer.get("kernel", [])).get("vm.nr_hugepages", 0))
    found = {"default": ({}, 0), "pgtune": (pgtune, 0), "cloudsail": (settings, pages)}
    for name, _, changes in (one.partition("=") for one in more):
        changed = dict(change.split("=", 1) for change in changes.split(","))
        found[name] = (settings | changed, pages if changed.get("huge_pages", "on") == "on" else 0)
    return {name: (kept, pages if kept.get("huge_pages") == "on" else 0) for name, (kept, pages) in found.items()}


def measure(server, group, pages, options):
    """One server's turn: (select-only, TPC-B) as pgbench and the server counted them."""
    with reserved(pages) if pages else contextlib.nullcontext():
        server.start(cgroup=group)
        try:
            run(server, SELECT_ONLY, options.clients, options.warm)
            return run(server, SELECT_ONLY, options.clients, options.seconds), run(server, TPC_B, options.clients, options.seconds)
        finally:
            server.stop()


def rounds(servers, options):
    """Every round's figures by server; each round begins with another server."""
    figures = {name: [] for name in servers}
    names = list(servers)
    for number in range(options.rounds):
        for name in names[number % len(names):] + names[: number % len(names)]:
            select, tpc_b = measure(*servers[name], options)
            figures[name].append((select, tpc_b))
            print(
                f"round {number + 1} {name}: select-only {select.tps:.0f}/s; TPC-B {tpc_b.tps:.0f}/s, {tpc_b.backend_writes} buffers by backends, "
                f"{tpc_b.cleaner_writes} by the background writer, {tpc_b.checkpoint_writes} by checkpoints, {tpc_b.wal_bytes // MIB} MiB of WAL",
                file=sys.stderr,
                flush=True,
            )
    return figures


def text(figure):
    return "{:.3f} ({:.3f} to {:.3f})".format(*figure)


def report(figures):
    """Prints the medians, the ratios with their 95 % intervals, and what is reached."""
    tps = {name: ([s.tps for s, _ in runs], [t.tps for _, t in runs]) for name, runs in figures.items()}
    writes = {name: sum(t.backend_writes for _, t in runs) / sum(t.transactions for _, t in runs) * 1000 for name, runs in figures.items()}
    for which, title in enumerate(("Select-only", "TPC-B")):
        print(f"\n{title}, transactions per second\n\n| server | median | least | most | of default | of pgtune |\n|---|---|---|---|---|---|")
        for name, runs in tps.items():
            own = runs[which]
            others = " | ".join("1" if name == other else text(ratio(own, tps[other][which])) for other in ("default", "pgtune"))
            print(f"| {name} | {statistics.median(own):.0f} | {min(own):.0f} | {max(own):.0f} | {others} |")
    print("\nTPC-B, per 1000 transactions\n\n| server | buffers written by backends | by the background writer | by checkpoints | KiB of WAL |\n|---|---|---|---|---|")
    for name, runs in figures.items():
        thousand = sum(t.transactions for _, t in runs) / 1000
        rest = [sum(t.cleaner_writes for _, t in runs), sum(t.checkpoint_writes for _, t in runs), sum(t.wal_bytes for _, t in runs) / 1024]
        print(f"| {name} | {writes[name]:.1f} | " + " | ".join(f"{one / thousand:.0f}" for one in rest) + " |")
    select, tpc_b = (ratio(tps["cloudsail"][which], tps["default"][which]) for which in (0, 1))
    fewer = writes["default"] / writes["cloudsail"] if writes["cloudsail"] else math.inf
    goals = [("select-only at least 1.05 of default", select[0] >= 1.05, text(select)), ("TPC-B at least 0.97 of default", tpc_b[0] >= 0.97, text(tpc_b))]
    for which, title in enumerate(("select-only", "TPC-B")):
        pgtune = ratio(tps["cloudsail"][which], tps["pgtune"][which])
        goals.append((f"{title} not below pgtune beyond the spread", pgtune[2] >= 1, text(pgtune)))
    goals.append(("at least 50 times fewer buffers written by backends", fewer >= 50, f"{fewer:.0f} times"))
    print()
    for goal, holds, figure in goals:
        print(f"{'reached' if holds else 'NOT reached'}: {goal}: {figure}")


def main():
    arguments = argparse.ArgumentParser(prog="scripts/bench tuning", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--rounds", type=int, default=5)
    arguments.add_argument("--seconds", type=int, default=20, help="how long each measurement takes")
    arguments.add_argument("--warm", type=int, default=8, help="seconds of select-only after a start, which do not count")
    arguments.add_argument("--scale", type=int, default=50, help="pgbench's, about 15 MB each")
    arguments.add_argument("--clients", type=int, default=8)
    arguments.add_argument("--try", action="append", default=[], metavar="NAME=SETTING=VALUE,…", dest="more", help="one more server")
    arguments.add_argument("--folder", default="/var/tmp", help="where the data goes, about 2 GB a server")
    arguments.add_argument("--cloudsail", default=ROOT / "target/debug/cloudsail", help="the program to ask")
    options = arguments.parse_args()
    if lack := missing():
        sys.exit(f"scripts/bench: {lack}")
    version = max(installed())
    with contextlib.ExitStack() as stack:
        folder = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="cloudsail-tuning.", dir=options.folder)))
        belong(folder)
        servers = {}
        for name, (settings, pages) in profiles(version, options.cloudsail, options.more).items():
            # Huge pages count in no memory cap of the kernel's, so they are taken off it.
            group = stack.enter_context(capped(f"cloudsail-tuning-{os.getpid()}-{name}", (MEMORY_MIB - 2 * pages) * MIB))
            server = Server(version, installed()[version], folder / name)
            stack.callback(server.stop)
            server.create()
            server.configure(as_file(settings))
            with reserved(pages) if pages else contextlib.nullcontext():
                server.start(cgroup=group)
                load(server, options.scale)
                server.stop()
            servers[name] = (server, group, pages)
        print(
            f"PostgreSQL {version} on a machine of {MEMORY_MIB} MiB and {CPU} CPUs for {WORKLOAD}, pgbench scale {options.scale}, "
            f"{options.clients} clients on the same CPUs, {options.rounds} rounds of {options.seconds} s",
            flush=True,
        )
        report(rounds(servers, options))


try:
    main()
except (ServerError, TuneError, Refused) as error:
    sys.exit(f"scripts/bench: {error}")
