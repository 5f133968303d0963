#!/bin/sh
# Brings a running PostgreSQL to the settings in here, by SSM Run Command: a reload where that is enough, one restart where not.
# Also makes the file system as large as its volume. May run again, and beside itself. What does not start is taken back.
# Prints one line of JSON and nothing secret: {"applied":"reload"|"restart"} or {"failed":"why"}.
cd / || exit 1
umask 022
STATE=/var/lib/cloudsail
CONF=/etc/postgresql/@VERSION@/main
UNIT=postgresql@@VERSION@-main
exec 9>"$STATE/apply.lock"
flock 9

# @SETTINGS_FUNCTIONS@

ask() { runuser -u postgres -- psql -qXAt -c "$1" postgres 2>&1; }
answers() { [ "$(ask 'SELECT 1')" = 1 ]; }
failed() {
	printf '{"failed":%s}\n' "$(printf '%s' "$1" | python3 -c 'import json,sys; print(json.dumps(sys.stdin.read().strip()[-400:]))')"
	exit 0
}

# systemctl answers once the server takes connections, or has failed to.
start() {
	systemctl start "$UNIT" >/dev/null 2>&1
	answers
}

DATA=/var/lib/postgresql
device=$(findmnt -n -o SOURCE "$DATA") || failed 'the data volume is not mounted'
case $(findmnt -n -o FSTYPE "$DATA") in
xfs) grown=$(xfs_growfs "$DATA" 2>&1) ;;
*) grown=$(resize2fs "$device" 2>&1) ;;
esac || failed "the file system could not be grown: $grown"

before=$(mktemp -d)
for file in "$CONF/conf.d/cloudsail.conf" /etc/sysctl.d/90-cloudsail.conf /etc/systemd/system/postgresql@.service.d/cloudsail.conf; do
	mkdir -p "$before$(dirname "$file")"
	cp -p "$file" "$before$file"
done
back() {
	why=$1
	cp -pR "$before/." /
	systemctl stop "$UNIT"
	reserve >/dev/null 2>&1
	start || why="$why. What was there before does not start either"
	failed "$why"
}

write_settings
checked=$(runuser -u postgres -- "/usr/lib/postgresql/@VERSION@/bin/postgres" -C max_connections -c "config_file=$CONF/postgresql.conf" 2>&1) || {
	cp -pR "$before/." /
	failed "PostgreSQL does not take the settings: $checked"
}
needed=restart
if answers; then
	loaded=$(ask 'SELECT pg_conf_load_time()')
	ask 'SELECT pg_reload_conf()' >/dev/null
	for _ in 1 2 3 4 5 6 7 8 9 10; do
		[ "$(ask 'SELECT pg_conf_load_time()')" != "$loaded" ] && break
		sleep 0.5
	done
	[ "$(ask 'SELECT count(*) FROM pg_settings WHERE pending_restart')" = 0 ] && needed=reload
fi
if [ "$needed" = restart ]; then
	systemctl stop "$UNIT"
	reserve >/dev/null 2>&1
	start || back "PostgreSQL did not start with the new settings: $(journalctl -u "$UNIT" -n 3 -o cat 2>/dev/null | tr '\n' ' ')"
fi
rm -rf "$before"
printf '{"applied":"%s"}\n' "$needed"
