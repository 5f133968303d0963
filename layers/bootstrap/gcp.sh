# shellcheck shell=bash
# What postgres.sh asks of the machine's cloud: Google Cloud.

# A startup script runs at every boot. The first that came to its end was enough: what has been changed since stays.
if [ -s "$STATE/ready" ]; then exit 0; fi

metadata() {
	curl -sf -m 5 --retry 5 --retry-all-errors -H 'Metadata-Flavor: Google' "http://169.254.169.254/computeMetadata/v1/instance/$1"
}
own_address() { metadata network-interfaces/0/ip; }
own_name() { metadata hostname; }
# What is known only once the machine is made, it reads from its own metadata.
deployment() { metadata attributes/cloudsail-deployment; }

# The guest agent is part of the image.
prepare() {
	command -v curl >/dev/null || { apt-get -qq update && apt-get -y -qq install --no-install-recommends curl; }
}

# The name that the disk was attached by.
data_device() { echo /dev/disk/by-id/google-cloudsail-data; }

# curl reads its token from standard input: an argument list is for everybody to see.
# A role that was just given takes Google Cloud minutes to honour.
administrator() {
	local secret token
	secret=$(metadata attributes/cloudsail-secret)
	token=$(metadata service-accounts/default/token | json access_token)
	printf 'header = "Authorization: Bearer %s"\n' "$token" |
		curl -sS -f -m 20 --retry 60 --retry-delay 10 --retry-max-time 600 --retry-all-errors -K - \
			"https://secretmanager.googleapis.com/v1/$secret:access" |
		python3 -c 'import base64,json,sys; print(base64.b64decode(json.load(sys.stdin)["payload"]["data"]).decode())'
}
