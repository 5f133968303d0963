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
# Which architecture the indexes are good for.
MARK=$DATA/cloudsail-indexes
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
# It may have grown while no machine had it.
[ "$(findmnt -n -o FSTYPE "$DATA")" != xfs ] || xfs_growfs "$DATA"
chown postgres: "$DATA"

begin cluster
existing=no
for other in "$DATA"/*/main/PG_VERSION; do
	[ -e "$other" ] || continue
	existing=yes
	[ "$other" = "$DATA/$VERSION/main/PG_VERSION" ] || {
		echo "the volume holds data of PostgreSQL $(cat "$other"), and PostgreSQL $VERSION can't read it"
		false
	}
done
if [ ! -e "$DATA/$VERSION/main/PG_VERSION" ]; then
	pg_createcluster "$VERSION" main --start-conf auto -- --data-checksums --auth-local=peer --auth-host=scram-sha-256
	uname -m >"$MARK"
elif [ ! -e "$CONF/postgresql.conf" ]; then
	# A volume that outlived its machine: the settings are made anew, the data stays. pg_createcluster takes the three files from the
	# data's own folder, where initdb leaves them; one with the same defaults comes from a cluster that nobody uses.
	chown -R postgres: "$DATA/$VERSION"
	fresh=$(runuser -u postgres -- mktemp -d)
	runuser -u postgres -- "/usr/lib/postgresql/$VERSION/bin/initdb" -D "$fresh" --no-sync --auth-local=peer --auth-host=scram-sha-256
	for file in postgresql.conf pg_hba.conf pg_ident.conf; do
		install -o postgres -g postgres -m 600 "$fresh/$file" "$DATA/$VERSION/main/$file"
	done
	rm -rf "$fresh"
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
chown postgres: "$TLS" "$TLS"/*
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

sql() { PGOPTIONS='-c search_path=pg_catalog,pg_temp' runuser -u postgres -- psql -qXAt -v ON_ERROR_STOP=1 "$@"; }
systemctl enable -q "postgresql@$VERSION-main"
if [ "$existing" = yes ]; then
	begin indexes
	# Nobody is let in from outside while an index may answer wrongly: how text sorts, and what some indexes make of it, came with the
	# machine before. This file is read after the others.
	echo "listen_addresses = ''" >"$CONF/conf.d/until_sound.conf"
	systemctl restart "postgresql@$VERSION-main"
	# What broke off in the middle is neither the one nor the other: then all are rebuilt, as where nobody wrote it down.
	all=true
	[ "$(cat "$MARK" 2>/dev/null)" != "$(uname -m)" ] || all=false
	echo rebuilding >"$MARK"
	mapfile -d '' -t databases < <(sql -0 -d postgres -c 'SELECT datname FROM pg_database WHERE datallowconn')
	[ "${#databases[@]}" -gt 0 ]
	for database in "${databases[@]}"; do
		# By the environment: as an argument some names would be read as more than a name.
		PGDATABASE=$database sql -v all="$all" <<'SQL'
SELECT format('REINDEX DATABASE %I', current_database()) WHERE :'all'::boolean
\gexec
CREATE TEMP TABLE other AS
	SELECT oid FROM pg_collation
	WHERE collversion <> pg_collation_actual_version(oid) AND collencoding IN (-1, pg_char_to_encoding(getdatabaseencoding()))
	UNION ALL SELECT '"default"'::regcollation FROM pg_database
	WHERE datname = current_database() AND datcollversion IS DISTINCT FROM pg_database_collation_actual_version(oid);
SELECT format('REINDEX INDEX %s', i.indexrelid::regclass)
FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
WHERE NOT :'all'::boolean AND c.relkind = 'i' AND c.relpersistence <> 't' AND EXISTS (SELECT FROM other)
	AND (i.indexprs IS NOT NULL OR i.indpred IS NOT NULL
		OR EXISTS (SELECT FROM other WHERE other.oid = ANY (i.indcollation))
		OR EXISTS (SELECT FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid WHERE a.attrelid = c.oid AND t.typtype IN ('c', 'r', 'm')))
\gexec
SELECT format('ALTER COLLATION %s REFRESH VERSION', c.oid::regcollation) FROM pg_collation c JOIN other USING (oid) WHERE collversion IS NOT NULL
\gexec
SELECT format('ALTER DATABASE %I REFRESH COLLATION VERSION', datname) FROM pg_database
WHERE datname IN (current_database(), 'template0') AND datcollversion <> pg_database_collation_actual_version(oid)
\gexec
SQL
	done
	uname -m >"$MARK"
	rm "$CONF/conf.d/until_sound.conf"
fi

begin start
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
if [ "$(sql -c "SELECT count(*) FROM pg_roles WHERE rolname = '$admin'")" = 0 ]; then
	sql -c "CREATE ROLE \"$admin\" LOGIN CREATEDB CREATEROLE IN ROLE pg_monitor"
fi
sql <<<"ALTER ROLE \"$admin\" PASSWORD '$verifier';"
if [ "$(sql -c "SELECT count(*) FROM pg_database WHERE datname = '$DATABASE'")" = 0 ]; then
	sql -c "CREATE DATABASE \"$DATABASE\" OWNER \"$admin\""
fi

begin ready
printf '{"address":"%s","port":5432,"version":"%s"}\n' "$address" "$VERSION" >"$STATE/ready"
