"""Files from the package registries, each pinned by the hash of the very file."""

import hashlib
import subprocess
import sys


def fetched(cache, file, sha256, command):
    """The content of a file that `command` puts into the cache, once; refused unless it is the pinned one."""
    path = cache / file
    if not path.exists():
        cache.mkdir(parents=True, exist_ok=True)
        try:
            subprocess.run(command, cwd=cache, check=True, stdout=subprocess.DEVNULL)
        except FileNotFoundError:
            sys.exit(f"{command[0]} is missing, which fetches {file}; README.md says how to get it")
        except subprocess.CalledProcessError:
            sys.exit(f"could not fetch {file}; is there a way to its registry?")
    content = path.read_bytes()
    if hashlib.sha256(content).hexdigest() != sha256:
        path.unlink()
        sys.exit(f"{file} is not the one that is pinned; it was removed from {cache}")
    return content


def npm(file):
    """The command that fetches a package's file, which npm names `<name>-<version>.tgz`."""
    name, version = file.removesuffix(".tgz").rsplit("-", 1)
    return ["npm", "pack", "--silent", f"{name}@{version}"]
