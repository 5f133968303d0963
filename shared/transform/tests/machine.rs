//! What the boot script asks of each cloud, with the cloud's own services played by a `curl` that knows what they answer.
#![expect(clippy::unwrap_used, reason = "a test that can't go on should stop where it stands")]

use std::path::Path;
use std::process::Command;

const JSON: &str = r#"json() { python3 -c 'import json,sys; print(json.load(sys.stdin)[sys.argv[1]])' "$1"; }"#;

/// Answers by the end of the URL. What it reads as its settings must hold `credential` wherever a password is asked for, and no
/// argument may.
const CURL: &str = r#"
curl() {
	local url='' argument
	for argument; do
		case $argument in http*) url=$argument ;; *"$credential"*) echo "in the argument list: $argument" >&2; return 9 ;; esac
	done
	case " $* " in *' -K - '*) grep "$credential" >/dev/null || { echo 'no credential' >&2; return 9; } ;; esac
	local answer
	for answer in "${answers[@]}"; do
		case $url in *"${answer%%=>*}") printf '%s' "${answer#*=>}"; return ;; esac
	done
	echo "nobody answers $url" >&2
	return 22
}"#;

fn run(fragment: &str, credential: &str, answers: &[(&str, &str)], command: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../layers/bootstrap");
    let functions = std::fs::read_to_string(folder.join(fragment)).unwrap();
    let functions = [("@REGION@", "ca-central-1"), ("@DEPLOYMENT@", "dep_1"), ("@VOLUME@", "vol-0a"), ("@SECRET@", "arn:of:it")]
        .iter()
        .fold(functions, |text, (place, value)| text.replace(place, value));
    let answers: String = answers.iter().map(|(url, answer)| format!("'{url}=>{answer}' ")).collect();
    let script = format!(
        "set -euo pipefail; shopt -s inherit_errexit; STATE=/nowhere\n{JSON}\ncredential={credential}\nanswers=({answers})\n{CURL}\n{functions}\n{command}"
    );
    let output = Command::new("bash").arg("-c").arg(script).output().unwrap();
    assert!(output.status.success(), "{fragment} {command}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

const SECRET: &str = r#"{"username":"postgres_admin","password":"x"}"#;

#[test]
fn a_machine_on_aws_knows_itself_and_its_password() {
    let role = r#"{"AccessKeyId":"AKIA","SecretAccessKey":"hidden","Token":"t"}"#;
    let secret = serde_json::json!({"SecretString": SECRET}).to_string();
    let answers = [
        ("latest/api/token", "token"),
        ("meta-data/local-ipv4", "10.0.0.5"),
        ("meta-data/local-hostname", "ip-10-0-0-5.internal"),
        ("security-credentials/", "role"),
        ("security-credentials/role", role),
        ("secretsmanager.ca-central-1.amazonaws.com/", secret.as_str()),
    ];
    let ask = |command| run("aws.sh", "hidden", &answers, command);
    assert_eq!(
        (ask("own_address"), ask("own_name"), ask("deployment")),
        ("10.0.0.5".into(), "ip-10-0-0-5.internal".into(), "dep_1".into())
    );
    assert_eq!(ask("data_device"), "/dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_vol0a");
    assert_eq!(ask("administrator"), SECRET);
}

#[test]
fn a_machine_on_azure_knows_itself_and_its_password() {
    let tags =
        r#"[{"name":"cloudsail:deployment","value":"dep_1"},{"name":"cloudsail:secret","value":"https://v.vault.azure.net/secrets/s"}]"#;
    let secret = serde_json::json!({"value": SECRET}).to_string();
    let answers = [
        ("privateIpAddress?api-version=2021-02-01&format=text", "10.83.0.4"),
        ("compute/name?api-version=2021-02-01&format=text", "db-vm"),
        ("compute/tagsList?api-version=2021-02-01", tags),
        ("resource=https%3A%2F%2Fvault.azure.net", r#"{"access_token":"hidden"}"#),
        ("vault.azure.net/secrets/s?api-version=7.4", secret.as_str()),
    ];
    let ask = |command| run("azure.sh", "hidden", &answers, command);
    assert_eq!((ask("own_address"), ask("own_name"), ask("deployment")), ("10.83.0.4".into(), "db-vm".into(), "dep_1".into()));
    assert_eq!(ask("administrator"), SECRET);
}

#[test]
fn a_machine_on_google_cloud_knows_itself_and_its_password() {
    use base64::Engine;
    let data = base64::prelude::BASE64_STANDARD.encode(SECRET);
    let secret = serde_json::json!({"payload": {"data": data}}).to_string();
    let answers = [
        ("network-interfaces/0/ip", "10.128.0.2"),
        ("instance/hostname", "db.c.shop.internal"),
        ("attributes/cloudsail-deployment", "dep_1"),
        ("attributes/cloudsail-secret", "projects/1/secrets/s/versions/1"),
        ("service-accounts/default/token", r#"{"access_token":"hidden"}"#),
        ("v1/projects/1/secrets/s/versions/1:access", secret.as_str()),
    ];
    let ask = |command| run("gcp.sh", "hidden", &answers, command);
    assert_eq!(
        (ask("own_address"), ask("own_name"), ask("deployment")),
        ("10.128.0.2".into(), "db.c.shop.internal".into(), "dep_1".into())
    );
    assert_eq!(ask("data_device"), "/dev/disk/by-id/google-cloudsail-data");
    assert_eq!(ask("administrator"), SECRET);
}
