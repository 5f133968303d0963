"""Where the emulator's EC2 meets the machine room: the handlers that it gets instead of its own."""

import xml.sax.saxutils

from . import ec2_instances, ec2_volumes, images, instance_types
from .requests_ec2 import Refused, is_dry_run

# After these the rules that machines live by are another set.
CHANGES_RULES = ("AuthorizeSecurityGroupIngress", "RevokeSecurityGroupIngress", "ModifySecurityGroupRules")


def install(room, ec2):
    actions = ec2._ACTION_MAP
    actions.update(ec2_instances.handlers(room, ec2))
    actions.update(ec2_volumes.handlers(room, ec2))
    actions["DescribeInstanceTypes"] = lambda parameters: instance_types.describe(ec2, parameters)
    actions["DeleteSecurityGroup"] = delete_security_group(ec2, actions["DeleteSecurityGroup"])
    for name in CHANGES_RULES:
        actions[name] = then_reload(room, actions[name])
    for name, handler in list(actions.items()):
        actions[name] = guarded(ec2, name, handler)
    # The images that boot are all there are: launching another answers that it doesn't exist.
    ec2._STUB_AMIS[:] = [
        (image.ami, image.name, f"Debian {image.release}", "", "/dev/xvda", images.OWNER, None) for image in images.IMAGES
    ]
    ec2.exec_in_instance_blocking = lambda machine_id, argv: run_command(room, machine_id, argv)
    ec2._matches_filters = ec2_instances.more_filters(ec2._matches_filters)


def guarded(ec2, name, handler):
    """Every action refuses in the API's way, and takes DryRun. A launch checks its request before it answers one."""

    def handle(parameters):
        try:
            if is_dry_run(parameters) and name != "RunInstances":
                raise dry_run()
            return handler(parameters)
        except Refused as refused:
            return ec2._error(refused.code, xml.sax.saxutils.escape(refused.message), refused.status)

    return handle


def dry_run():
    return Refused("DryRunOperation", "Request would have succeeded, but DryRun flag is set.", 412)


def then_reload(room, handler):
    def handle(parameters):
        answer = handler(parameters)
        room.reload_firewall()
        return answer

    return handle


def delete_security_group(ec2, original):
    """A group that a machine has, or that another group's rules name, can't go."""

    def handle(parameters):
        group = ec2._p(parameters, "GroupId")
        for record in ec2._instances.values():
            used = {entry["GroupId"] for entry in record["SecurityGroups"]}
            if record["State"]["Name"] != "terminated" and group in used:
                raise Refused("DependencyViolation", f"resource {group} has a dependent object")
        for other in ec2._security_groups.values():
            for rule in other["IpPermissions"] if other["GroupId"] != group else ():
                if any(pair.get("GroupId") == group for pair in rule.get("UserIdGroupPairs", [])):
                    raise Refused("DependencyViolation", f"resource {group} has a dependent object")
        return original(parameters)

    return handle


def run_command(room, machine_id, argv):
    """SSM's way into a machine. The emulator hands over ["/bin/sh", "-c", script]."""
    machine = room.machines.get(machine_id)
    if not machine:
        return 255, "", "the machine is gone"
    return machine.run_script(argv[-1])
