#!/bin/bash
# Makes this machine one PostgreSQL of Cloudsail's. Runs as user data, and may run again: every step looks before it acts.
# It holds no secret: the password is read from the account's secret store with this machine's own role.
set -euo pipefail

VERSION='@VERSION@'
DATABASE='@DATABASE@'
REGION='@REGION@'
SECRET='@SECRET@'
VOLUME='@VOLUME@'
ALLOW='@ALLOW@'

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

metadata() {
	local token
	token=$(curl -sf -m 5 -X PUT -H 'X-aws-ec2-metadata-token-ttl-seconds: 300' http://169.254.169.254/latest/api/token)
	curl -sf -m 5 -H "X-aws-ec2-metadata-token: $token" "http://169.254.169.254/latest/meta-data/$1"
}
json() { python3 -c 'import json,sys; print(json.load(sys.stdin)[sys.argv[1]])' "$1"; }

begin agent
# Debian's images lack the agent. It is installed pinned, and only if its publisher's signature holds.
if ! systemctl cat amazon-ssm-agent.service >/dev/null 2>&1; then
	base=https://s3.$REGION.amazonaws.com/amazon-ssm-$REGION/@AGENT_VERSION@/debian_$(dpkg --print-architecture)
	tmp=$(mktemp -d)
	curl -sf -m 60 -o "$tmp/agent.deb" "$base/amazon-ssm-agent.deb"
	curl -sf -m 60 -o "$tmp/agent.deb.sig" "$base/amazon-ssm-agent.deb.sig"
	base64 -d >"$tmp/key.gpg" <<'KEY'
@AGENT_KEY@
KEY
	command -v gpgv >/dev/null || { apt-get -qq update && apt-get -y -qq install --no-install-recommends gpgv; }
	gpgv --keyring "$tmp/key.gpg" "$tmp/agent.deb.sig" "$tmp/agent.deb"
	dpkg -i "$tmp/agent.deb"
	rm -rf "$tmp"
fi

begin volume
# Nitro numbers devices as it likes; the volume's id is what stays.
device=/dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_${VOLUME/-/}
for _ in $(seq 360); do
	[ -b "$device" ] && break
	sleep 0.5
done
[ -b "$device" ] || { echo "the data volume $VOLUME was not attached within 3 minutes"; false; }
# Only a blank volume is formatted: whatever is on another one is somebody's data.
found=0
blkid -p "$device" >/dev/null || found=$?
case $found in
0) ;;
2) mkfs.ext4 -q -L pgdata "$device" ;;
*) echo "blkid can't tell what is on $VOLUME (it answered $found), so it is left alone"; false ;;
esac
uuid=$(blkid -p -s UUID -o value "$device")
mkdir -p "$DATA"
grep -q " $DATA " /etc/fstab || echo "UUID=$uuid $DATA ext4 defaults,noatime,nofail,x-systemd.device-timeout=180 0 2" >>/etc/fstab
mountpoint -q "$DATA" || mount -U "$uuid" "$DATA" 2>/dev/null || mount "$device" "$DATA"

begin packages
mkdir -p /etc/postgresql-common /etc/dpkg/dpkg.cfg.d
echo 'create_main_cluster = false' >/etc/postgresql-common/createcluster.conf
printf 'path-exclude=/usr/share/%s/*\n' doc man locale >/etc/dpkg/dpkg.cfg.d/cloudsail
if [ ! -x "/usr/lib/postgresql/$VERSION/bin/postgres" ]; then
	apt-get -qq -o Acquire::Retries=3 update
	apt-get -y -qq -o Acquire::Retries=3 -o Dpkg::Options::=--force-unsafe-io install --no-install-recommends "postgresql-$VERSION"
fi

begin cluster
if [ ! -e "$DATA/$VERSION/main/PG_VERSION" ]; then
	pg_createcluster "$VERSION" main --start-conf auto -- --data-checksums --auth-local=peer --auth-host=scram-sha-256
elif [ ! -e "$CONF/postgresql.conf" ]; then
	# A volume that outlived its machine: the settings are made anew, the data stays.
	chown -R postgres: "$DATA/$VERSION"
	pg_createcluster "$VERSION" main --start-conf auto
fi

begin certificate
address=$(metadata local-ipv4)
if [ ! -s "$TLS/ca.crt" ]; then
	# The deployment's own CA is born here and its key stays here: whoever has it has the database's files as well.
	install -d -m 700 -o postgres -g postgres "$TLS"
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 3650 -subj '/CN=Cloudsail @DEPLOYMENT@' \
		-addext 'basicConstraints=critical,CA:TRUE,pathlen:0' -addext 'keyUsage=critical,keyCertSign,cRLSign' \
		-keyout "$TLS/ca.key" -out "$TLS/ca.crt"
fi
names="IP:$address,DNS:$(metadata local-hostname),DNS:localhost,IP:127.0.0.1"
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
mkdir -p "$CONF/conf.d"
grep -q "^include_dir = 'conf.d'" "$CONF/postgresql.conf" || echo "include_dir = 'conf.d'" >>"$CONF/postgresql.conf"
cat >"$CONF/conf.d/cloudsail.conf" <<'SETTINGS'
@SETTINGS@
# Security groups decide who reaches the port; pg_hba.conf decides who may sign in.
listen_addresses = '*'
ssl_cert_file = '/var/lib/postgresql/cloudsail-tls/server.crt'
ssl_key_file = '/var/lib/postgresql/cloudsail-tls/server.key'
SETTINGS
{
	echo 'local all postgres peer'
	echo 'hostssl all all 127.0.0.1/32 scram-sha-256'
	echo "hostssl all all $address/32 scram-sha-256"
	for range in $ALLOW; do echo "hostssl all all $range scram-sha-256"; done
} >"$CONF/pg_hba.conf"
chown -R postgres: "$CONF"
cat >/etc/sysctl.d/90-cloudsail.conf <<'KERNEL'
@KERNEL@
KERNEL
sysctl -q -p /etc/sysctl.d/90-cloudsail.conf || echo 'the kernel settings belong to the host here'
# What could not be reserved must not keep PostgreSQL from starting. A later file wins.
wanted=$(sed -n 's/^vm.nr_hugepages = //p' /etc/sysctl.d/90-cloudsail.conf)
rm -f "$CONF/conf.d/huge_pages.conf"
if [ "$(cat /proc/sys/vm/nr_hugepages)" -lt "${wanted:-0}" ]; then
	printf '# the kernel reserved fewer than the %s pages it was asked for\nhuge_pages = try\n' "$wanted" >"$CONF/conf.d/huge_pages.conf"
fi
mkdir -p /etc/systemd/system/postgresql@.service.d
cat >/etc/systemd/system/postgresql@.service.d/cloudsail.conf <<'LIMITS'
[Service]
@LIMITS@
LIMITS
systemctl daemon-reload

begin start
systemctl enable -q "postgresql@$VERSION-main"
systemctl restart "postgresql@$VERSION-main"

begin administrator
# curl reads its credentials, and psql its statements, from standard input: an argument list is for everybody to see.
role=$(metadata iam/security-credentials/)
credentials=$(metadata "iam/security-credentials/$role")
secret=$(
	{
		printf 'user = "%s:%s"\n' "$(json AccessKeyId <<<"$credentials")" "$(json SecretAccessKey <<<"$credentials")"
		printf 'header = "x-amz-security-token: %s"\n' "$(json Token <<<"$credentials")"
	} | curl -sS -f -m 20 --retry 5 --retry-all-errors -K - --aws-sigv4 "aws:amz:$REGION:secretsmanager" \
		-H 'content-type: application/x-amz-json-1.1' -H 'x-amz-target: secretsmanager.GetSecretValue' \
		-d "{\"SecretId\":\"$SECRET\"}" "https://secretsmanager.$REGION.amazonaws.com/" | json SecretString
)
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
unset secret credentials
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
