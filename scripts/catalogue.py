"""Writes `layers/knowledge/aws-instance-types.json` from the recorded answers of EC2 that moto ships (Apache-2.0).

Run it by hand when the pin moves: python3 scripts/catalogue.py. With an account of your own, `cloudsail catalogue refresh`
reads the same from EC2 itself, and the prices too.
"""

import gzip
import io
import json
import pathlib
import re
import sys
import zipfile

from pinned import fetched

MOTO = "moto-5.2.5-py3-none-any.whl"  # PyPI
MOTO_SHA256 = "eef62cdcf3bfe73e0863743511ba042dfaba04ba3d5ecdcb896a196c693ad528"
DATE = "2026-10-27"  # of that release

# General purpose, memory and compute on Nitro. t8i is left out: moto's record says it is not burstable, and has no credits.
FAMILY = re.compile(r"^(t3a?|t4g|[mrc][5-9][a-z-]*)\.(?!metal)")
RESOURCES = "moto/ec2/resources"


def kilobytes(disk, key):
    """MB/s as kB/s: EC2 gives eighths of a megabyte, and the catalogue holds whole numbers."""
    return round(disk[key] * 1000)


def network(info, key):
    """Mbit/s of all network cards together, at most what the type has as a whole: on some, one card can use all of it."""
    gigabits = sum(card[key] for card in info["NetworkCards"])
    whole = re.search(r"([0-9.]+) Gigabit", info["NetworkPerformance"])
    return round(1000 * (min(gigabits, float(whole[1])) if whole else gigabits))


def row(kind):
    disk = kind["EbsInfo"]["EbsOptimizedInfo"]
    local = kind.get("InstanceStorageInfo", {}).get("Disks", [{"Count": 0, "SizeInGB": 0}])[0]
    architectures = [name for name in kind["ProcessorInfo"]["SupportedArchitectures"] if name in ("x86_64", "arm64")]
    return [
        kind["InstanceType"],
        kind["VCpuInfo"]["DefaultVCpus"],
        kind["MemoryInfo"]["SizeInMiB"],
        architectures[0],
        kind["BurstablePerformanceSupported"],
        network(kind["NetworkInfo"], "BaselineBandwidthInGbps"),
        network(kind["NetworkInfo"], "PeakBandwidthInGbps"),
        kilobytes(disk, "BaselineThroughputInMBps"),
        kilobytes(disk, "MaximumThroughputInMBps"),
        disk["BaselineIops"],
        disk["MaximumIops"],
        local["Count"],
        local["SizeInGB"],
    ]


def offered(rows, names):
    """The families a region has, and type by type where it has only some of one."""
    families = {}
    for name, *_ in rows:
        families.setdefault(name.split(".")[0], set()).add(name)
    entries = []
    for family, members in families.items():
        entries += [family] if members <= names else sorted(members & names)
    return sorted(entries)


def lines(values):
    return ",\n".join(json.dumps(value, separators=(",", ":")) for value in values)


def main():
    root = pathlib.Path(__file__).resolve().parent.parent
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:", "moto==" + MOTO.split("-")[1]]
    wheel = zipfile.ZipFile(io.BytesIO(fetched(pathlib.Path.home() / ".cache/cloudsail/packages", MOTO, MOTO_SHA256, pip)))

    def read(path):
        return json.loads(gzip.decompress(wheel.read(path)))

    kinds = read(f"{RESOURCES}/instance_types.json.gz")
    rows = [row(kinds[name]) for name in sorted(kinds) if FAMILY.match(name)]
    folder = f"{RESOURCES}/instance_type_offerings/region/"
    paths = sorted(path for path in wheel.namelist() if path.startswith(folder) and path.endswith(".json.gz"))
    regions = {path[len(folder):-len(".json.gz")]: offered(rows, {entry["InstanceType"] for entry in read(path)}) for path in paths}
    text = (
        f'{{"date":"{DATE}",\n'
        f'"source":"EC2 DescribeInstanceTypes and DescribeInstanceTypeOfferings as recorded in PyPI moto {MOTO.split("-")[1]}",\n'
        f'"types":[\n{lines(rows)}\n],\n"regions":{{\n'
        + ",\n".join(f'"{region}":{json.dumps(entries, separators=(",", ":"))}' for region, entries in regions.items())
        + "\n}}\n"
    )
    (root / "layers/knowledge/aws-instance-types.json").write_text(text)
    print(f"{len(rows)} types, {len(regions)} regions, {len(text)} bytes")


main()
