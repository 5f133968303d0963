"""Corrections to the emulator, applied to a copy of it in the cache, never to the installed package.

Each is an exact piece of its source and what stands there instead, with the reason. An anchor that is not
there exactly once means another version: the start fails loudly rather than run without the fix.
"""

import dataclasses
import hashlib
import pathlib
import shutil

HERE = pathlib.Path(__file__).parent


class AnchorGone(Exception):
    pass


@dataclasses.dataclass(frozen=True)
class Fix:
    reason: str
    file: str
    anchor: str
    replacement: str
    after: str = ""  # the anchor is the first one behind this text, where it stands more than once

    def apply(self, text):
        start = 0
        if self.after:
            if text.count(self.after) != 1:
                raise AnchorGone(f"{self.file}: {self.reason}: {text.count(self.after)} times {self.after[:80]!r}")
            start = text.index(self.after) + len(self.after)
        found = text.count(self.anchor, start)
        if found != 1 and not (self.after and found):
            raise AnchorGone(f"{self.file}: {self.reason}: {found} times {self.anchor[:80]!r}")
        at = text.index(self.anchor, start)
        return text[:at] + self.replacement + text[at + len(self.anchor):]


def all_fixes():
    from . import authorization, cache, compute, database, others, sign_in

    return [*others.FIXES, *compute.FIXES, *database.FIXES, *cache.FIXES, *authorization.FIXES, *sign_in.FIXES]


def patched_copy(package, cache):
    """The folder to put in front of sys.path: a copy of the installed package with all fixes, made once."""
    digest = hashlib.sha256(str(package).encode())
    for path in sorted(HERE.glob("*.py")):
        digest.update(path.read_bytes())
    target = cache / f"emulator-{digest.hexdigest()[:12]}"
    if not target.exists():
        work = target.with_name(target.name + ".making")
        shutil.rmtree(work, ignore_errors=True)
        shutil.copytree(package, work / "ministack", ignore=shutil.ignore_patterns("__pycache__"))
        for fix in all_fixes():
            path = work / "ministack" / fix.file
            path.write_text(fix.apply(path.read_text()))
        for ours in ("request_resources.py", "recorded_calls.py"):
            shutil.copyfile(HERE / ours, work / "ministack/core" / ours)
        shutil.copyfile(HERE / "service_quotas.py", work / "ministack/services/servicequotas.py")
        shutil.copyfile(HERE / "pricing.py", work / "ministack/services/pricing.py")
        for old in cache.glob("emulator-*"):
            if old != work:
                shutil.rmtree(old, ignore_errors=True)
        work.rename(target)
    return target
