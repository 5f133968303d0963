# shellcheck shell=bash
# What postgres.sh asks of the machine's cloud: AWS.

REGION='@REGION@'

metadata() {
	local token
	token=$(curl -sf -m 5 -X PUT -H 'X-aws-ec2-metadata-token-ttl-seconds: 300' http://169.254.169.254/latest/api/token)
	curl -sf -m 5 -H "X-aws-ec2-metadata-token: $token" "http://169.254.169.254/latest/meta-data/$1"
}
own_address() { metadata local-ipv4; }
own_name() { metadata local-hostname; }
deployment() { echo '@DEPLOYMENT@'; }

# Debian's images lack the agent. It is installed pinned, and only if its publisher's signature holds.
prepare() {
	if systemctl cat amazon-ssm-agent.service >/dev/null 2>&1; then return; fi
	local base tmp
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
}

# Nitro numbers devices as it likes; the volume's id is what stays.
data_device() {
	local volume='@VOLUME@'
	echo "/dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_${volume/-/}"
}

# curl reads its credentials from standard input: an argument list is for everybody to see.
administrator() {
	local role credentials
	role=$(metadata iam/security-credentials/)
	credentials=$(metadata "iam/security-credentials/$role")
	{
		printf 'user = "%s:%s"\n' "$(json AccessKeyId <<<"$credentials")" "$(json SecretAccessKey <<<"$credentials")"
		printf 'header = "x-amz-security-token: %s"\n' "$(json Token <<<"$credentials")"
	} | curl -sS -f -m 20 --retry 5 --retry-all-errors -K - --aws-sigv4 "aws:amz:$REGION:secretsmanager" \
		-H 'content-type: application/x-amz-json-1.1' -H 'x-amz-target: secretsmanager.GetSecretValue' \
		-d "{\"SecretId\":\"@SECRET@\"}" "https://secretsmanager.$REGION.amazonaws.com/" | json SecretString
}
