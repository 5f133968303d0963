#!/bin/bash
# Makes this machine one PostgreSQL of Cloudsail's. Runs at boot, and may run again: every step looks before it acts.
# It holds no secret: the password is read from the account's secret store with this machine's own identity.
# What differs from cloud to cloud stands in aws.sh, azure.sh and gcp.sh, of which one takes the place of the line PROVIDER:
#   prepare         installs what the cloud's images lack
#   deployment      prints the deployment's id
#   data_device     prints the data disk's path, which need not be there yet
#   own_address     prints the primary private address
#   own_name        prints the host's name in the cloud's own DNS
#   administrator   prints {"username": …, "password": …}
set -euo pipefail
# A failure inside $(…) is a failure.
shopt -s inherit_errexit

VERSION='@VERSION@'
DATABASE='@DATABASE@'

STATE=/var/lib/cloudsail
DATA=/var/lib/postgresql
CONF=/etc/postgresql/$VERSION/main
TLS=$DATA/cloudsail-tls
mkdir -p "$STATE"
exec >>"$STATE/boot.log" 2>&1
umask 022
export DEBIAN_FRONTEND=noninteractive
rm -f "$STATE/failed"

step=start
begin() {
	step=$1
	printf '%s %s\n' "$(date +%s)" "$step" >>"$STATE/progress"
}
failed() {
	printf '%s: %s\n' "$step" "$(tail -n 3 "$STATE/boot.log" | tr '\n' ' ' | cut -c1-400)" >"$STATE/failed"
}
# EXIT, not ERR: ERR stays silent for a failure inside a function, and for a name that is not set.
trap '[ $? -eq 0 ] || failed' EXIT

json() { python3 -c 'import json,sys; print(json.load(sys.stdin)[sys.argv[1]])' "$1"; }

# @PROVIDER@

# @SETTINGS_FUNCTIONS@

begin agent
prepare

begin packages
mkdir -p /etc/postgresql-common /etc/dpkg/dpkg.cfg.d
echo 'create_main_cluster = false' >/etc/postgresql-common/createcluster.conf
printf 'path-exclude=/usr/share/%s/*\n' doc man locale >/etc/dpkg/dpkg.cfg.d/cloudsail
if [ ! -x "/usr/lib/postgresql/$VERSION/bin/postgres" ] || [ ! -x /usr/sbin/mkfs.xfs ]; then
	apt-get -qq -o Acquire::Retries=3 update
	apt-get -y -qq -o Acquire::Retries=3 -o Dpkg::Options::=--force-unsafe-io install --no-install-recommends xfsprogs "postgresql-$VERSION"
fi

begin volume
for _ in $(seq 360); do
	device=$(data_device)
	[ -b "$device" ] && break
	sleep 0.5
done
[ -b "$device" ] || { echo "the data volume was not attached as $device within 3 minutes"; false; }
# Only a blank volume is formatted: whatever is on another one is somebody's data.
found=0
blkid -p "$device" >/dev/null || found=$?
case $found in
0) ;;
# XFS grows while it is mounted and needs no privilege beyond the mount's.
2) mkfs.xfs -q -L pgdata "$device" ;;
*) echo "blkid can't tell what is on $device (it answered $found), so it is left alone"; false ;;
esac
uuid=$(blkid -p -s UUID -o value "$device")
mkdir -p "$DATA"
grep -q " $DATA " /etc/fstab || echo "UUID=$uuid $DATA auto defaults,noatime,nofail,x-systemd.device-timeout=180 0 2" >>/etc/fstab
mountpoint -q "$DATA" || mount -U "$uuid" "$DATA" 2>/dev/null || mount "$device" "$DATA"
chown postgres: "$DATA"

begin cluster
if [ ! -e "$DATA/$VERSION/main/PG_VERSION" ]; then
	pg_createcluster "$VERSION" main --start-conf auto -- --data-checksums --auth-local=peer --auth-host=scram-sha-256
elif [ ! -e "$CONF/postgresql.conf" ]; then
	# A volume that outlived its machine: the settings are made anew, the data stays.
	chown -R postgres: "$DATA/$VERSION"
	pg_createcluster "$VERSION" main --start-conf auto
fi

begin certificate
address=$(own_address)
host=$(own_name)
owner=$(deployment)
if [ ! -s "$TLS/ca.crt" ]; then
	# The deployment's own CA is born here and its key stays here: whoever has it has the database's files as well.
	install -d -m 700 -o postgres -g postgres "$TLS"
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 3650 -subj "/CN=Cloudsail $owner" \
		-addext 'basicConstraints=critical,CA:TRUE,pathlen:0' -addext 'keyUsage=critical,keyCertSign,cRLSign' \
		-keyout "$TLS/ca.key" -out "$TLS/ca.crt"
fi
names="IP:$address,DNS:$host,DNS:localhost,IP:127.0.0.1"
if ! openssl x509 -in "$TLS/server.crt" -noout -checkip "$address" 2>/dev/null | grep -q 'does match'; then
	openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=$address" -keyout "$TLS/server.key" -out "$TLS/server.csr"
	printf 'subjectAltName=%s\nextendedKeyUsage=serverAuth\n' "$names" >"$TLS/server.ext"
	openssl x509 -req -in "$TLS/server.csr" -CA "$TLS/ca.crt" -CAkey "$TLS/ca.key" -CAcreateserial -days 3650 \
		-extfile "$TLS/server.ext" -out "$TLS/server.crt"
fi
chown postgres: "$TLS"/*
chmod 600 "$TLS"/*.key
install -m 644 "$TLS/ca.crt" "$STATE/ca.crt"

begin settings
write_settings
{
	echo 'local all postgres peer'
	# Who may reach the port is the cloud firewall's to say, so that a change of it does not touch the machine.
	echo 'hostssl all all all scram-sha-256'
} >"$CONF/pg_hba.conf"
reserve

begin start
systemctl enable -q "postgresql@$VERSION-main"
systemctl restart "postgresql@$VERSION-main"

begin administrator
secret=$(administrator)
admin=$(json username <<<"$secret")
# The server gets the SCRAM verifier, so the password itself is in no statement log.
# shellcheck disable=SC2016 # the dollars are part of the verifier, not the shell's
verifier=$(json password <<<"$secret" | python3 -c '
import base64, hashlib, hmac, os, sys
password, salt = sys.stdin.readline().rstrip("\n").encode(), os.urandom(16)
salted = hashlib.pbkdf2_hmac("sha256", password, salt, 4096)
key = lambda name: hmac.new(salted, name, hashlib.sha256).digest()
b64 = lambda raw: base64.b64encode(raw).decode()
print("SCRAM-SHA-256$4096:" + b64(salt) + "$" + b64(hashlib.sha256(key(b"Client Key")).digest()) + ":" + b64(key(b"Server Key")))')
unset secret
sql() { runuser -u postgres -- psql -qXAt -v ON_ERROR_STOP=1 "$@"; }
if [ "$(sql -c "SELECT count(*) FROM pg_roles WHERE rolname = '$admin'")" = 0 ]; then
	sql -c "CREATE ROLE \"$admin\" LOGIN CREATEDB CREATEROLE IN ROLE pg_monitor"
fi
sql <<<"ALTER ROLE \"$admin\" PASSWORD '$verifier';"
if [ "$(sql -c "SELECT count(*) FROM pg_database WHERE datname = '$DATABASE'")" = 0 ]; then
	sql -c "CREATE DATABASE \"$DATABASE\" OWNER \"$admin\""
fi

begin ready
printf '{"address":"%s","port":5432,"version":"%s"}\n' "$address" "$VERSION" >"$STATE/ready"
