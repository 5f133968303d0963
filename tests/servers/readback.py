"""Whether a running server has the settings of its file."""

from values import number, same

# A Unix socket has no keepalives: such a setting reads 0 on it, and only its reset value is the server's.
SETTING = "case when name like 'tcp\\_%' then reset_val else setting end as setting"
COLUMNS = f"name, {SETTING}, unit, vartype, enumvals, source, sourcefile, pending_restart"


def without_what_the_build_lacks(server, settings):
    """The settings that this build can take, and those that it was compiled without, as `name = value`.

    wal_compression = lz4 needs a build with lz4, which Debian's are and npm's are not.
    """
    offered = server.query("select enumvals from pg_settings where name = 'wal_compression'")[0]["enumvals"]
    if settings.get("wal_compression") != "lz4" or offered is None or "lz4" in offered:
        return settings, []
    return settings | {"wal_compression": "on"}, ["wal_compression = lz4"]


def faults(server, settings, overrides):
    """Every way in which the running server is not what its file says, as sentences.

    A setting that the command line overrides is read from the files instead, as the next start would.
    """
    rows = {row["name"]: row for row in server.query(f"select {COLUMNS} from pg_settings")}
    for name, written in settings.items():
        row = rows.get(name)
        if row is None:
            yield f"{name} = {written}: this version has no such setting"
            continue
        taken = row | {"setting": server.value(name)} if name in overrides else row
        if not same(written, taken):
            yield f"{name} = {written}: became {taken['setting']} {row['unit'] or ''}".rstrip()
        elif name in overrides:
            continue
        elif row["pending_restart"]:
            yield f"{name} = {written}: waits for a restart"
        elif not (row["sourcefile"] or "").endswith("/settings.conf"):
            yield f"{name} = {written}: the {row['source']} decides it instead"
    for row in server.query("select name, setting, error from pg_file_settings where error is not null"):
        if row["name"] not in overrides:
            yield f"{row['name']} = {row['setting']}: {row['error']}"
    if settings.get("io_method") == "worker" and "io_workers" in settings:
        running = server.query("select count(*) as n from pg_stat_activity where backend_type = 'io worker'")[0]["n"]
        if running != number(settings["io_workers"], None):
            yield f"io_workers = {settings['io_workers']}: {running} are running"
