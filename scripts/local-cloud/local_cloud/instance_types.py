"""Instance types: vCPUs and memory (GiB) as AWS publishes them at https://aws.amazon.com/ec2/instance-types/."""

import xml.sax.saxutils

_BURSTABLE = {"nano": (2, 0.5), "micro": (2, 1), "small": (2, 2), "medium": (2, 4), "large": (2, 8), "xlarge": (4, 16),
              "2xlarge": (8, 32)}
_SIZES = {"large": 2, "xlarge": 4, "2xlarge": 8, "4xlarge": 16}
_GIB_PER_VCPU = {"m5": 4, "m6i": 4, "m7i": 4, "m6a": 4, "m7a": 4, "c5": 2, "c6i": 2, "c7i": 2, "r5": 8, "r6i": 8, "r7i": 8}

TYPES = {f"{family}.{size}": facts for family in ("t3", "t3a") for size, facts in _BURSTABLE.items()}
TYPES |= {f"t2.{size}": (1 if memory <= 2 else vcpus, memory) for size, (vcpus, memory) in _BURSTABLE.items()}
TYPES |= {f"{family}.{size}": (vcpus, vcpus * ratio) for family, ratio in _GIB_PER_VCPU.items() for size, vcpus in _SIZES.items()}
TYPES["m7a.medium"] = (1, 4)


def memory_mib(name):
    return int(TYPES[name][1] * 1024)


def describe(ec2, parameters):
    """DescribeInstanceTypes, by name and by the filters `instance-type`, `memory-info.size-in-mib` and
    `vcpu-info.default-vcpus`.
    """
    names = ec2._parse_member_list(parameters, "InstanceType")
    for name in names:
        if name not in TYPES:
            said = xml.sax.saxutils.escape(name)
            return ec2._error("InvalidInstanceType", f"The following supplied instance types do not exist: [{said}]", 400)
    filters = ec2._parse_filters(parameters)
    items = ""
    for name, (vcpus, memory) in TYPES.items():
        facts = {"instance-type": name, "memory-info.size-in-mib": str(int(memory * 1024)), "vcpu-info.default-vcpus": str(vcpus)}
        if names and name not in names:
            continue
        if any(key in facts and not ec2._filter_value_matches(facts[key], values) for key, values in filters.items()):
            continue
        items += item(name, vcpus, int(memory * 1024))
    return ec2._xml(200, "DescribeInstanceTypesResponse", f"<instanceTypeSet>{items}</instanceTypeSet>")


def item(name, vcpus, mib):
    burstable = str(name.startswith("t")).lower()
    old = name.startswith("t2.")
    cores = vcpus if old else max(1, vcpus // 2)
    return f"""<item>
<instanceType>{name}</instanceType><currentGeneration>{str(not old).lower()}</currentGeneration>
<freeTierEligible>{str(name in ("t2.micro", "t3.micro")).lower()}</freeTierEligible>
<supportedUsageClasses><item>on-demand</item><item>spot</item></supportedUsageClasses>
<supportedRootDeviceTypes><item>ebs</item></supportedRootDeviceTypes>
<supportedVirtualizationTypes><item>hvm</item></supportedVirtualizationTypes>
<bareMetal>false</bareMetal><hypervisor>{"xen" if old else "nitro"}</hypervisor>
<processorInfo><supportedArchitectures><item>x86_64</item></supportedArchitectures></processorInfo>
<vCpuInfo><defaultVCpus>{vcpus}</defaultVCpus><defaultCores>{cores}</defaultCores>
<defaultThreadsPerCore>{vcpus // cores}</defaultThreadsPerCore></vCpuInfo>
<memoryInfo><sizeInMiB>{mib}</sizeInMiB></memoryInfo>
<instanceStorageSupported>false</instanceStorageSupported>
<ebsInfo><ebsOptimizedSupport>{"unsupported" if old else "default"}</ebsOptimizedSupport>
<encryptionSupport>supported</encryptionSupport><nvmeSupport>{"unsupported" if old else "required"}</nvmeSupport></ebsInfo>
<networkInfo><maximumNetworkInterfaces>3</maximumNetworkInterfaces><ipv4AddressesPerInterface>10</ipv4AddressesPerInterface>
<ipv6Supported>true</ipv6Supported><enaSupport>{"unsupported" if old else "required"}</enaSupport></networkInfo>
<burstablePerformanceSupported>{burstable}</burstablePerformanceSupported>
</item>"""
