"""Fetches what functions serve and others have written: .local/build/assets/<function>/<file>."""

import io
import pathlib
import sys
import tarfile

from pinned import fetched, npm

SWAGGER_UI = "swagger-ui-dist-5.35.0.tgz"  # npm, Apache-2.0
SWAGGER_UI_SHA256 = "1b8e891893404ea4c3558b6a87e2a3e494e7eedba41168c2ece5800a391a6ea6"


def main(cache, target):
    folder = pathlib.Path(target) / "docs-asset"
    folder.mkdir(parents=True, exist_ok=True)
    package = fetched(pathlib.Path(cache), SWAGGER_UI, SWAGGER_UI_SHA256, npm(SWAGGER_UI))
    with tarfile.open(fileobj=io.BytesIO(package)) as archive:
        for name in ("swagger-ui.css", "swagger-ui-bundle.js"):
            content = archive.extractfile(f"package/{name}").read()
            # An unchanged file keeps its time, which says whether a function must be packed anew.
            if not (folder / name).exists() or (folder / name).read_bytes() != content:
                (folder / name).write_bytes(content)


main(*sys.argv[1:])
