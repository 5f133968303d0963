"""One machine: a systemd-nspawn container booted with its own systemd, from an image and a layer of its own.

Knows nothing of the EC2 API. What happens to it is told through `events`: running, managed, stopped.
A machine's root is the host's root: images must be trusted.
"""

import dataclasses
import json
import logging
import os
import pathlib
import shutil
import signal
import subprocess
import threading
import time

from . import cgroups, guest_files, network, settings, volumes
from .shell import run

log = logging.getLogger("local_cloud.machine")
REBOOT = 133  # what nspawn answers with --keep-unit when the guest asked for a reboot
POWER_OFF = signal.SIGRTMIN + 4  # what systemd as process 1 takes for an orderly end, and for a reboot
RESTART = signal.SIGRTMIN + 5


@dataclasses.dataclass(frozen=True)
class Specification:
    id: str
    account: str
    type: str
    memory_mib: int
    tree: str  # the image
    address: str
    subnet: str  # its CIDR


class Machine:
    def __init__(self, specification, events):
        self.spec, self.events = specification, events
        self.id, self.address = specification.id, specification.address
        self.name = "cs" + self.id[-8:]  # nspawn's link is vb-<name>, which may have 15 characters
        self.link = "vb-" + self.name
        self.folder = settings.MACHINES / self.id
        self.root = self.folder / "root"
        self.nodes = {}  # volume id -> device node inside
        self.process = None
        self.wanted = self.removed = False
        self.lock = threading.RLock()

    # -- its disk and its first files

    def prepare(self):
        for name in ("upper", "work", "root"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        (self.folder / "machine.json").write_text(json.dumps(dataclasses.asdict(self.spec)))
        if not os.path.ismount(self.root):
            run("mount", "-t", "overlay", "cs-machine", "-o",
                f"lowerdir={self.spec.tree},upperdir={self.folder}/upper,workdir={self.folder}/work", self.root)
        guest_files.write_network(self.root, self.address)
        guest_files.write_trust(self.root)
        guest_files.write_packages(self.root)
        guest_files.write_volumes(self.root, [(volumes.serial(v), node) for v, node in self.nodes.items()])

    # -- its life

    def boot(self, still_wanted=lambda: True):
        with self.lock:
            if not still_wanted():
                return
            self.wanted = True
            self.prepare()
            groups = cgroups.make(self.name, self.spec.memory_mib)
            binds = []
            for volume_id, node in self.nodes.items():
                device = volumes.loop_of(volume_id)
                cgroups.allow_block_device(self.name, *volumes.device_number(device))
                binds.append(f"--bind={device}:{node}")
            run("ip", "link", "delete", self.link, check=False)
            command = [
                "systemd-nspawn", "--quiet", f"--directory={self.root}", f"--machine={self.name}",
                f"--hostname={guest_files.host_name(self.address)}", "--boot", "--keep-unit", "--register=no",
                f"--network-bridge={settings.BRIDGE}", "--console=read-only", "--link-journal=no", "--resolv-conf=off",
                "--timezone=off", *binds,
            ]
            join = "".join(f"echo $$ > {group}; " for group in groups)
            with open(self.folder / "console.log", "ab") as console:
                self.process = subprocess.Popen(
                    ["/bin/sh", "-c", join + 'exec "$@"', "sh", *command],
                    stdin=subprocess.DEVNULL, stdout=console, stderr=console, start_new_session=True,
                    env={"PATH": settings.CLEAN_PATH},
                )
        threading.Thread(target=self.watch, args=(self.process,), daemon=True).start()

    def watch(self, process):
        """Follow one boot to its end, whoever ends it: the API, the guest itself, or somebody on the host."""
        while process.poll() is None and not self.leader:
            time.sleep(0.03)
        leader = self.leader
        handle = os.pidfd_open(leader) if leader else None
        if leader:
            self.set_address(leader)
            self.events.running(self)
            threading.Thread(target=self.watch_agent, args=(process,), daemon=True).start()
        code = process.wait()
        if handle is not None:  # nspawn's death does not take the guest with it
            try:
                signal.pidfd_send_signal(handle, signal.SIGKILL)
            except ProcessLookupError:
                pass
            os.close(handle)
        run("ip", "link", "delete", self.link, check=False)
        if code == REBOOT and self.wanted:
            self.boot(lambda: self.wanted)
        elif process is self.process:
            self.wanted = False
            self.events.stopped(self)

    def set_address(self, leader):
        """The address is there before anything in the guest asks for it: cloud-init looks for the metadata service
        early, where a real machine would have used DHCP.
        """
        gateway, subnet = network.add_gateway(self.spec.subnet)
        _, mtu = network.uplink()
        commands = (
            f"link set host0 mtu {mtu} up\naddress replace {self.address}/{subnet.prefixlen} brd + dev host0\n"
            f"route replace {settings.METADATA_ADDRESS} dev host0\nroute replace {settings.BRIDGE_ADDRESS} dev host0\n"
            f"route replace default via {gateway}\n"
        )
        deadline = time.monotonic() + 5
        while time.monotonic() < deadline:
            if run("nsenter", f"--target={leader}", "--net", "ip", "-batch", "-", check=False, input=commands).returncode == 0:
                return
            time.sleep(0.02)
        log.error("%s has no network", self.id)

    def watch_agent(self, process):
        """Managed by SSM means that a command can run inside, which takes the guest's own systemd."""
        while process.poll() is None:
            if self.inside(["systemctl", "is-active", "--quiet", "basic.target"], timeout=5)[0] == 0:
                self.events.managed(self)
                return
            time.sleep(0.1)

    @property
    def running(self):
        return self.process is not None and self.process.poll() is None

    @property
    def leader(self):
        """The guest's process 1, as the host numbers it."""
        try:
            pid = self.process.pid
            for child in pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
                for line in pathlib.Path(f"/proc/{child}/status").read_text().splitlines():
                    numbers = line.split()
                    if numbers[0] == "NSpid:" and len(numbers) > 2 and numbers[-1] == "1":
                        return int(child)
        except (OSError, AttributeError):
            return None
        return None

    def halt(self, grace=20):
        with self.lock:
            self.wanted = False
            process = self.process
        if not self.running:
            return
        self.signal_leader(POWER_OFF)
        try:
            process.wait(grace)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self):
        for group in cgroups.folders():
            for pid in cgroups.processes(group / self.name):
                try:
                    os.kill(pid, signal.SIGKILL)
                except ProcessLookupError:
                    continue
        if self.process:
            self.process.wait()

    def restart(self):
        self.signal_leader(RESTART)

    def signal_leader(self, number):
        leader = self.leader
        if leader:
            os.kill(leader, number)

    def remove(self):
        """Its own layer goes; its volumes are another matter."""
        with self.lock:
            self.removed = True
            if os.path.ismount(self.root):
                run("umount", "-l", self.root, check=False)
            cgroups.remove(self.name)
            shutil.rmtree(self.folder, ignore_errors=True)

    # -- running commands inside

    def inside(self, argv, timeout=3600, stdin=None):
        """Run a program in the guest's namespaces. Answers its exit code, output and errors."""
        leader = self.leader
        if not leader:
            return 255, "", "the machine is not running"
        command = ["nsenter", f"--target={leader}", "--mount", "--uts", "--ipc", "--net", "--pid", "--cgroup", "--",
                   "/usr/bin/env", "-i", f"PATH={settings.CLEAN_PATH}", *argv]
        try:
            done = subprocess.run(command, capture_output=True, timeout=timeout, input=stdin or b"")
        except subprocess.TimeoutExpired:
            return 124, "", f"timed out after {timeout} s"
        return done.returncode, done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace")

    def run_script(self, script, timeout=3600):
        """As the SSM agent does: the script goes into a file, and a service of the guest's systemd runs it, so it
        lives in the machine's own control groups. (As an argument, systemd would expand its variables.)
        """
        wrapper = (
            'umask 077; f=$(mktemp /run/ssm-command.XXXXXX); cat > "$f"; '
            "systemd-run --quiet --pipe --wait --collect --service-type=exec"
            ' -p WorkingDirectory=/root -E HOME=/root -- /bin/sh "$f" < /dev/null; code=$?; rm -f "$f"; exit $code'
        )
        return self.inside(["/bin/sh", "-c", wrapper], timeout, script.encode())

    # -- its volumes

    def free_node(self):
        taken = set(self.nodes.values())
        return next(node for number in range(1, 27) if (node := f"/dev/nvme{number}n1") not in taken)

    def attach(self, volume_id, size_gib):
        """Plug a volume in: into the next boot, or into the running guest, which has no udev to make the link."""
        with self.lock:
            if self.removed:
                return
            device = volumes.attach_loop(volume_id, size_gib)
            node = self.nodes.setdefault(volume_id, self.free_node())
            if not self.running:
                return
            major, minor = volumes.device_number(device)
            cgroups.allow_block_device(self.name, major, minor)
            link = f"/dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_{volumes.serial(volume_id)}"
            make = f"mknod -m 660 {node} b {major} {minor}; mkdir -p /dev/disk/by-id; ln -sfn {node} {link}"
            self.inside(["/bin/sh", "-c", make])
            guest_files.write_volumes(self.root, [(volumes.serial(v), n) for v, n in self.nodes.items()])

    def detach(self, volume_id):
        with self.lock:
            node = self.nodes.pop(volume_id, None)
            device = volumes.loop_of(volume_id)
            if node and self.running:
                link = f"/dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_{volumes.serial(volume_id)}"
                self.inside(["/bin/sh", "-c", f"umount -l {node} 2> /dev/null; rm -f {link} {node}"])
                if device:
                    cgroups.allow_block_device(self.name, *volumes.device_number(device), allow=False)
            volumes.release_loop(volume_id)

    def hardware_address(self):
        leader = self.leader
        if not leader:
            return "02:00:00:00:00:00"
        said = run("nsenter", f"--target={leader}", "--net", "ip", "-j", "link", "show", "host0", check=False).stdout
        return json.loads(said)[0]["address"] if said else "02:00:00:00:00:00"
