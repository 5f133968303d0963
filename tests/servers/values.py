"""PostgreSQL's values in one form, so that what a file says compares with what a server answers."""

import re

SIZES = {"B": 1, "kB": 2**10, "MB": 2**20, "GB": 2**30, "TB": 2**40}
TIMES = {"us": 0.001, "ms": 1, "s": 1000, "min": 60_000, "h": 3_600_000, "d": 86_400_000}
# Other spellings that a server takes and answers with its own.
SPELLINGS = {("wal_compression", "on"): "pglz"}


def scale(unit):
    """A unit of a file or of pg_settings, such as kB or 8kB, in bytes or milliseconds."""
    count, name = re.fullmatch(r"(\d*)(\w+)", unit).groups()
    return int(count or 1) * (SIZES | TIMES)[name]


def number(text, unit):
    """The number a text stands for, counted in the setting's own unit (None for plain numbers)."""
    count, given = re.fullmatch(r"(-?[\d.]+)\s*([A-Za-z]*)", text).groups()
    return float(count) * scale(given) / scale(unit) if given else float(count)


def same(written, row):
    """Whether the text of a file is the value that a row of pg_settings has.

    A number may differ by the rounding to the setting's unit.
    """
    text = written.strip("'")
    match row["vartype"]:
        case "integer":
            return abs(number(text, row["unit"]) - float(row["setting"])) <= 0.5
        case "real":
            return abs(number(text, row["unit"]) - float(row["setting"])) <= 1e-9 * max(1.0, abs(float(row["setting"])))
        case "bool":
            return {"true": "on", "yes": "on", "1": "on", "false": "off", "no": "off", "0": "off"}.get(text, text) == row[
                "setting"
            ]
        case "enum":
            # Some enums were yes-or-no settings once.
            return row["setting"] in (text, SPELLINGS.get((row["name"], text)))
        case _:
            return text.replace("''", "'") == row["setting"]
