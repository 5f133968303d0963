"""Instance types: those of the catalogue, layers/knowledge/aws-instance-types.json, and the old t2 that some tools name first."""

import json
import xml.sax.saxutils

from . import settings

CATALOGUE = settings.ROOT / "layers/knowledge/aws-instance-types.json"
PAGE = 100  # what EC2 answers at once where nothing else is asked


def _read():
    with CATALOGUE.open() as file:
        document = json.load(file)
    names = ("name", "vcpus", "memory_mib", "architecture", "burstable", "network", "network_peak", "disk_kb", "disk_peak_kb",
             "iops", "iops_peak", "local_disks", "local_gb")
    types = {row[0]: dict(zip(names, row, strict=True)) for row in document["types"]}
    # https://aws.amazon.com/ec2/instance-types/t2/; EBS is no faster than its network there.
    for size, vcpus, memory in (("nano", 1, 512), ("micro", 1, 1024), ("small", 1, 2048), ("medium", 2, 4096), ("large", 2, 8192)):
        name = f"t2.{size}"
        types[name] = {**types["t3.nano"], "name": name, "vcpus": vcpus, "memory_mib": memory}
    return types, {region: set(entries) for region, entries in document["regions"].items()}


TYPES, _REGIONS = _read()


def memory_mib(name):
    return TYPES[name]["memory_mib"]


def offered(region):
    """The names of a region's types. A region that is not listed has all."""
    entries = _REGIONS.get(region)
    return [name for name in TYPES if entries is None or name in entries or name.split(".")[0] in entries | {"t2"}]


def describe(ec2, parameters):
    """DescribeInstanceTypes, a page at a time, by name and by the filters `instance-type`, `memory-info.size-in-mib`,
    `vcpu-info.default-vcpus` and `processor-info.supported-architecture`.
    """
    names = ec2._parse_member_list(parameters, "InstanceType")
    for name in names:
        if name not in TYPES:
            said = xml.sax.saxutils.escape(name)
            return ec2._error("InvalidInstanceType", f"The following supplied instance types do not exist: [{said}]", 400)
    filters = ec2._parse_filters(parameters)
    found = []
    for name in names or offered(ec2.get_region()):
        kind = TYPES[name]
        facts = {
            "instance-type": name, "memory-info.size-in-mib": str(kind["memory_mib"]),
            "vcpu-info.default-vcpus": str(kind["vcpus"]), "processor-info.supported-architecture": kind["architecture"],
        }
        if all(key not in facts or ec2._filter_value_matches(facts[key], values) for key, values in filters.items()):
            found.append(kind)
    start = int(ec2._p(parameters, "NextToken") or 0)
    end = start + int(ec2._p(parameters, "MaxResults") or PAGE)
    more = f"<nextToken>{end}</nextToken>" if end < len(found) else ""
    items = "".join(item(kind) for kind in found[start:end])
    return ec2._xml(200, "DescribeInstanceTypesResponse", f"<instanceTypeSet>{items}</instanceTypeSet>{more}")


def item(kind):
    name, vcpus = kind["name"], kind["vcpus"]
    old = name.startswith("t2.")
    cores = vcpus if old or kind["architecture"] == "arm64" else max(1, vcpus // 2)
    local = ""
    if kind["local_disks"]:
        total = kind["local_disks"] * kind["local_gb"]
        local = f"""<instanceStorageInfo><totalSizeInGB>{total}</totalSizeInGB><disks><item><count>{kind["local_disks"]}</count>
<sizeInGB>{kind["local_gb"]}</sizeInGB><type>ssd</type></item></disks><nvmeSupport>required</nvmeSupport></instanceStorageInfo>"""
    return f"""<item>
<instanceType>{name}</instanceType><currentGeneration>{str(not old).lower()}</currentGeneration>
<freeTierEligible>{str(name in ("t2.micro", "t3.micro")).lower()}</freeTierEligible>
<supportedUsageClasses><item>on-demand</item><item>spot</item></supportedUsageClasses>
<supportedRootDeviceTypes><item>ebs</item></supportedRootDeviceTypes>
<supportedVirtualizationTypes><item>hvm</item></supportedVirtualizationTypes>
<bareMetal>false</bareMetal><hypervisor>{"xen" if old else "nitro"}</hypervisor>
<processorInfo><supportedArchitectures><item>{kind["architecture"]}</item></supportedArchitectures></processorInfo>
<vCpuInfo><defaultVCpus>{vcpus}</defaultVCpus><defaultCores>{cores}</defaultCores>
<defaultThreadsPerCore>{vcpus // cores}</defaultThreadsPerCore></vCpuInfo>
<memoryInfo><sizeInMiB>{kind["memory_mib"]}</sizeInMiB></memoryInfo>
<instanceStorageSupported>{str(bool(local)).lower()}</instanceStorageSupported>{local}
<ebsInfo><ebsOptimizedSupport>{"unsupported" if old else "default"}</ebsOptimizedSupport>
<encryptionSupport>supported</encryptionSupport><nvmeSupport>{"unsupported" if old else "required"}</nvmeSupport>
<ebsOptimizedInfo><baselineBandwidthInMbps>{kind["disk_kb"] * 8 // 1000}</baselineBandwidthInMbps>
<baselineThroughputInMBps>{kind["disk_kb"] / 1000}</baselineThroughputInMBps><baselineIops>{kind["iops"]}</baselineIops>
<maximumBandwidthInMbps>{kind["disk_peak_kb"] * 8 // 1000}</maximumBandwidthInMbps>
<maximumThroughputInMBps>{kind["disk_peak_kb"] / 1000}</maximumThroughputInMBps><maximumIops>{kind["iops_peak"]}</maximumIops>
</ebsOptimizedInfo></ebsInfo>
<networkInfo><maximumNetworkInterfaces>3</maximumNetworkInterfaces><ipv4AddressesPerInterface>10</ipv4AddressesPerInterface>
<ipv6Supported>true</ipv6Supported><enaSupport>{"unsupported" if old else "required"}</enaSupport>
<networkCards><item><networkCardIndex>0</networkCardIndex><maximumNetworkInterfaces>3</maximumNetworkInterfaces>
<baselineBandwidthInGbps>{kind["network"] / 1000}</baselineBandwidthInGbps>
<peakBandwidthInGbps>{kind["network_peak"] / 1000}</peakBandwidthInGbps></item></networkCards></networkInfo>
<burstablePerformanceSupported>{str(kind["burstable"] or old).lower()}</burstablePerformanceSupported>
</item>"""
