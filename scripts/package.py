"""Packs executables as Lambda zips: the same executable makes the same bytes, and an unchanged one is left alone."""

import pathlib
import subprocess
import sys
import tempfile
import zipfile


def write_zip(target, files, compression=zipfile.ZIP_DEFLATED, level=1):
    """`files`: bytes by name. No clock, owner or order of a folder gets in; names that end in .sh may be run."""
    part = target.with_suffix(".part")
    with zipfile.ZipFile(part, "w") as archive:
        for name, content in sorted(files.items()):
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.create_system = 3  # Unix, whose modes follow
            entry.external_attr = (0o755 if name == "bootstrap" or name.endswith(".sh") else 0o644) << 16
            entry.compress_type = compression
            archive.writestr(entry, content, compresslevel=level)
    part.replace(target)


def executable(folder, name):
    """cargo-lambda leaves <name>/bootstrap, cargo leaves <name>."""
    path = folder / name
    return path / "bootstrap" if path.is_dir() else path


def assets(name):
    """What the function serves: its own files, and those that scripts/assets.py fetched."""
    folders = [pathlib.Path("functions") / name / "assets", pathlib.Path(".local/build/assets") / name]
    return [path for folder in folders if folder.is_dir() for path in folder.iterdir()]


def pack(source, files, target, level):
    newest = max(path.stat().st_mtime for path in [source, *files])
    if target.exists() and target.stat().st_mtime >= newest:
        return False
    with tempfile.TemporaryDirectory() as scratch:
        # Symbols are half of an unoptimized executable, and nobody debugs it inside Lambda.
        stripped = pathlib.Path(scratch) / "bootstrap"
        subprocess.run(["strip", "-o", stripped, source], check=True)
        content = {f"assets/{path.name}": path.read_bytes() for path in files}
        write_zip(target, {"bootstrap": stripped.read_bytes(), **content}, level=level)
    return True


def main(source, target, *names):
    source, target = pathlib.Path(source), pathlib.Path(target)
    # A release is packed once and fetched at each cold start; the local cloud's packages are made again and again.
    level = 9 if source.name == "lambda" else 1
    packed = [name for name in names if pack(executable(source, name), assets(name), target / f"{name}.zip", level)]
    print(f"{len(names)} functions, {len(packed)} packed anew, in {target}")


if __name__ == "__main__":
    main(*sys.argv[1:])
