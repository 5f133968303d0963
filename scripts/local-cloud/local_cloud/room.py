"""The machine room within the emulator's process: which machines there are, and what their lives do to the
emulator's records of instances, which stay the one truth about them.
"""

import contextvars
import json
import logging
import os
import shutil
import threading
import time

from . import firewall, images, instance_types, leftovers, machine, settings, volumes

log = logging.getLogger("local_cloud.room")

STATES = {"pending": 0, "running": 16, "shutting-down": 32, "terminated": 48, "stopping": 64, "stopped": 80}
# A real machine takes seconds to change; ours takes less. Each passing state lasts long enough to be seen.
SHORTEST_PASSING = 1.0


class Room:
    machine = machine.Machine

    def __init__(self, ec2):
        self.ec2 = ec2
        self.machines = {}
        self.firewall_lock = threading.Lock()
        self.closing = False

    # -- records

    def record(self, machine_id, account):
        return self.ec2._instances.get_scoped(account, settings.REGION, machine_id)

    def set_state(self, record, name):
        record["State"] = {"Code": STATES[name], "Name": name}
        record["_state_since"] = time.time()
        if name != "running":
            record["_ssm_managed"] = False
        log.info("%s is %s", record["InstanceId"], name)

    def now(self):
        return time.time()

    def after(self, seconds, work, *arguments):
        def later():
            time.sleep(seconds)
            work(*arguments)

        self.in_background(later)

    def linger(self, record):
        """Wait out the rest of the passing state."""
        time.sleep(max(0.0, SHORTEST_PASSING - (time.time() - record.get("_state_since", 0))))

    def in_background(self, work, *arguments):
        """Machines take their time; the API's answer doesn't wait for them. The caller's account goes along."""
        context = contextvars.copy_context()

        def guarded():
            try:
                work(*arguments)
            except Exception:
                log.exception("in the background")

        threading.Thread(target=context.run, args=(guarded,), daemon=True).start()

    # -- events of a machine

    def running(self, machine):
        record = self.record(machine.id, machine.spec.account)
        if record and record["State"]["Name"] == "pending":
            self.linger(record)
            if record["State"]["Name"] == "pending":
                self.set_state(record, "running")

    def managed(self, machine):
        record = self.record(machine.id, machine.spec.account)
        if record:
            record["_ssm_managed"] = True
            log.info("%s takes commands", machine.id)

    def stopped(self, machine):
        record = self.record(machine.id, machine.spec.account)
        if not self.closing and record and record["State"]["Name"] in ("pending", "running", "stopping"):
            self.set_state(record, "stopped")
            self.reload_firewall()

    # -- lives

    def add(self, record, account):
        """The machine of a record that has just been made, or was found after a restart. It doesn't run yet."""
        kind, subnet = record["InstanceType"], self.subnet(record, account)
        made = self.machine(machine.Specification(
            id=record["InstanceId"], account=account, type=kind, memory_mib=instance_types.memory_mib(kind),
            tree=self.tree(record), address=record["PrivateIpAddress"], subnet=subnet["CidrBlock"],
        ), self)
        self.machines[made.id] = made
        return made

    def tree(self, record):
        """The image; for a machine found again the very one that its own layer was made for."""
        notes = settings.MACHINES / record["InstanceId"] / "machine.json"
        if notes.exists() and os.path.isdir(tree := json.loads(notes.read_text())["tree"]):
            return tree
        return str(images.by_ami(record["ImageId"]).tree)

    def subnet(self, record, account):
        return self.ec2._subnets.get_scoped(account, settings.REGION, record["SubnetId"])

    def boot(self, machine, record):
        """With the volumes that its record names, unless somebody has stopped or terminated it in the meantime."""
        try:
            for mapping in record["BlockDeviceMappings"]:
                if mapping["DeviceName"] != record["RootDeviceName"]:
                    volume_id = mapping["Ebs"]["VolumeId"]
                    volume = self.ec2._volumes.get_scoped(machine.spec.account, settings.REGION, volume_id)
                    machine.attach(volume_id, volume["Size"])
            self.reload_firewall()
            machine.boot(lambda: record["State"]["Name"] == "pending")
        except Exception:
            log.exception("%s could not boot", machine.id)
            record["StateReason"] = {"Code": "Server.InternalError", "Message": "the machine could not boot"}
            self.set_state(record, "stopped")

    def terminate(self, machine, record):
        machine.halt(grace=5)
        self.linger(record)
        account = machine.spec.account
        for mapping in list(record["BlockDeviceMappings"]):
            self.release(mapping["Ebs"]["VolumeId"], account, delete=mapping["Ebs"]["DeleteOnTermination"])
        record["BlockDeviceMappings"] = []
        self.machines.pop(machine.id, None)
        machine.remove()
        record["_terminated_at"] = time.time()
        self.set_state(record, "terminated")
        self.reload_firewall()

    def release(self, volume_id, account, delete):
        volume = self.ec2._volumes.get_scoped(account, settings.REGION, volume_id)
        if volume is None:
            return
        if delete:
            volumes.delete(volume_id)
            self.ec2._volumes.pop_scoped(account, settings.REGION, volume_id, None)
        else:
            volumes.release_loop(volume_id)
            volume["Attachments"], volume["State"] = [], "available"

    # -- the firewall

    def reload_firewall(self):
        with self.firewall_lock:
            members = []
            for made in list(self.machines.values()):
                record = self.record(made.id, made.spec.account)
                if record:
                    groups = tuple(group["GroupId"] for group in record["SecurityGroups"])
                    members.append(firewall.Member(
                        made.name, made.link, made.address, record.get("PublicIpAddress") or "",
                        tuple(f"{made.spec.account}/{group}" for group in groups),
                    ))
            groups = {}
            for (account, _region, group_id), group in self.ec2._security_groups.all_items():
                groups[f"{account}/{group_id}"] = [scoped(rule, account) for rule in group["IpPermissions"]]
            firewall.apply(members, groups)

    # -- start and end of the process

    def adopt(self):
        """After a restart: what ran runs again, what was stopped stays so, and what nobody knows is removed."""
        known = {}
        for (account, _region, machine_id), record in self.ec2._instances.all_items():
            known[machine_id] = (account, record)
        leftovers.sweep_machines()
        for folder in settings.MACHINES.glob("i-*"):
            if folder.name not in known:
                shutil.rmtree(folder, ignore_errors=True)
        volumes.forget_all_but({key for (_a, _r, key), _v in self.ec2._volumes.all_items()})
        for account, record in known.values():
            state = record["State"]["Name"]
            if state == "terminated" or not images.by_ami(record["ImageId"]):
                continue
            made = self.add(record, account)
            if state in ("pending", "running"):
                self.set_state(record, "pending")
                self.in_background(self.boot, made, record)
            elif state == "shutting-down":
                self.in_background(self.terminate, made, record)
            else:
                self.set_state(record, "stopped")

    def close(self):
        self.closing = True
        enders = [threading.Thread(target=made.halt, args=(8,)) for made in list(self.machines.values())]
        for thread in enders:
            thread.start()
        for thread in enders:
            thread.join()


def scoped(rule, account):
    """Group ids are unique per account only (each has the same default group): name the account too."""
    pairs = [{**pair, "GroupId": f"{pair.get('UserId') or account}/{pair.get('GroupId')}"}
             for pair in rule.get("UserIdGroupPairs", [])]
    return {**rule, "UserIdGroupPairs": pairs}


ROOM = None


def open_room():
    """Called before the emulator starts: it loads its state, and then the room takes over what it finds."""
    global ROOM
    from ministack.services import ec2

    from . import ec2_seam, imds, package_cache

    leftovers.sweep_machines()
    ROOM = Room(ec2)
    ec2_seam.install(ROOM, ec2)
    imds.serve(ROOM)
    package_cache.serve()
    original = ec2.load_persisted_state

    def load_and_adopt(data):
        answer = original(data)
        ROOM.adopt()
        return answer

    ec2.load_persisted_state = load_and_adopt
    if not (settings.STATE / "ec2.json").exists():
        ROOM.adopt()
    ROOM.reload_firewall()


def close_room():
    if ROOM:
        ROOM.close()
