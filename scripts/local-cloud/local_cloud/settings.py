"""Where things stand and what they are called. Nothing else in the package knows a path or a number."""

import os
import pathlib

ROOT = pathlib.Path(__file__).resolve().parents[3]
LOCAL = pathlib.Path(os.environ.get("CLOUDSAIL_LOCAL", ROOT / ".local"))
CACHE = pathlib.Path(
    os.environ.get("CLOUDSAIL_CACHE")
    or pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache") / "cloudsail"
)
RUN = LOCAL / "run"
LOG = LOCAL / "log"
TLS = LOCAL / "tls"
PG = LOCAL / "pg"
STATE = LOCAL / "state"
S3 = LOCAL / "s3"
MACHINES = LOCAL / "machines"
VOLUMES = LOCAL / "volumes"
TERRAFORM = LOCAL / "terraform"
ENV_FILE = LOCAL / "env"
IMAGES = CACHE / "images"
VENV = CACHE / "venv"
PACKAGES = CACHE / "packages"

REGION = "ca-central-1"
CONTROL_ACCOUNT = "000000000000"
CUSTOMER_ACCOUNT = "222222222222"

EMULATOR_VERSION = "1.5.33"
EMULATOR_PORT = int(os.environ.get("CLOUDSAIL_EMULATOR_PORT") or 4566)
EMULATOR_URL = f"http://127.0.0.1:{EMULATOR_PORT}"
POSTGRES_PORT = 54320
PROXY_PORT = 64320
REDIS_PORT = 63790
SITE_PORT = 8480
SITE_URL = f"http://localhost:{SITE_PORT}"
GOOGLE_PORT = 8481
GOOGLE_URL = f"http://localhost:{GOOGLE_PORT}"
CACHE_USER = "cloudsail-local"  # Terraform's name for the cache and its user in the environment local
CACHE_ARN = f"arn:aws:elasticache:{REGION}:{CONTROL_ACCOUNT}:serverlesscache:{CACHE_USER}"
ACCESS_STRING = ROOT / "shared/cache/access-string.txt"  # what that user may do, there and here
PACKAGE_PROXY_PORT = 3142

BRIDGE = "cs-room"
BRIDGE_ADDRESS = "10.99.0.1"  # the AWS endpoints, the name server and the package cache, seen from a machine
METADATA_ADDRESS = "169.254.169.254"
HOST_ADDRESS = "203.0.113.10"  # what a machine sees when this host connects to it
PUBLIC_NETWORK = "198.18.0.0/16"  # public addresses of machines, from the range reserved for tests of networks
OUTSIDE_NETNS = "cs-outside"
OUTSIDE_ADDRESS = "198.51.100.10"  # a stranger on the internet
OUTSIDE_GATEWAY = "198.51.100.1"
OUTSIDE_LINK = "cs-out0"

DEBIAN_OWNER = "136693071363"  # Debian's own account on AWS, which publishes its images
CLEAN_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
