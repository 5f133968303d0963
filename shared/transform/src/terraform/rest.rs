//! The security group, the secret, and the machine's role.

use super::hcl::{self, Body};
use super::{Error, Export, label, policy, read, tags, why};
use crate::aws::shapes;
use crate::document::Resource;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

impl Export<'_> {
    pub(super) fn security_group(&self, body: Body, resource: &Resource) -> Result<Body, Error> {
        let group: shapes::SecurityGroup = read(resource)?;
        let mut block = Body::default()
            .set("name_prefix", "\"${var.name}-\"")
            .set("description", hcl::text(&group.group_description))
            .set("vpc_id", self.later(&group.vpc_id)?)
            .set("tags", tags());
        for (direction, pointer, rules) in [
            ("ingress", "/SecurityGroupIngress", group.security_group_ingress),
            ("egress", "/SecurityGroupEgress", group.security_group_egress),
        ] {
            let grouped = grouped(&rules);
            if grouped.is_empty() {
                // Said, since Terraform leaves alone what is not.
                block = block.set_why(direction, "[]", why(resource, pointer));
            }
            for (index, ((protocol, from, to), ranges)) in grouped.into_iter().enumerate() {
                let rule = Body::default()
                    .set("protocol", hcl::text(protocol))
                    .set("from_port", from.to_string())
                    .set("to_port", to.to_string())
                    .set("cidr_blocks", hcl::texts(&ranges));
                block = block.block_why(direction, rule, if index == 0 { why(resource, pointer) } else { "" });
            }
        }
        let new_first = Body::default().set("create_before_destroy", "true");
        let block = block.block("lifecycle", new_first);
        Ok(body.block(format!("resource \"aws_security_group\" \"{}\"", label(resource)), block))
    }

    pub(super) fn secret(&self, body: Body, resource: &Resource) -> Result<Body, Error> {
        let secret: shapes::Secret = read(resource)?;
        let (label, generate) = (label(resource), &secret.generate_secret_string);
        let template: Map<String, Value> = serde_json::from_str(&generate.secret_string_template)
            .map_err(|error| Error::Document(format!("{}: the template of its secret: {error}", resource.id)))?;
        let mut parts = template
            .into_iter()
            .map(|(key, value)| match value {
                Value::String(value) => Ok((hcl::key(&key), hcl::text(&value))),
                _ => Err(Error::Document(format!("{}: `{key}` of its secret must be a text", resource.id))),
            })
            .collect::<Result<BTreeMap<_, _>, _>>()?;
        let password = format!("ephemeral.aws_secretsmanager_random_password.{label}.random_password");
        parts.insert(hcl::key(&generate.generate_string_key), password);
        let parts = Body::default().each(&parts, |body, (key, value)| body.set(key, value));

        let random = Body::default()
            .set_why("password_length", generate.password_length.to_string(), why(resource, "/GenerateSecretString/PasswordLength"))
            .set("exclude_punctuation", generate.exclude_punctuation.to_string());
        let made = Body::default()
            .set("name_prefix", "\"${var.name}-\"")
            .set("description", hcl::text(&secret.description))
            .set_why("recovery_window_in_days", "0", "The password of a database that is gone is of no use.")
            .set("tags", tags());
        let version = Body::default()
            .set("secret_id", format!("aws_secretsmanager_secret.{label}.id"))
            .set("secret_string_wo", format!("jsonencode({})", hcl::object(&parts)))
            .set_why("secret_string_wo_version", "1", "As long as it stays, so does the password.");
        let why = "Drawn anew at each run, and used at the first only: it is in no state and in no plan.";
        Ok(body
            .block_why(format!("ephemeral \"aws_secretsmanager_random_password\" \"{label}\""), random, why)
            .block(format!("resource \"aws_secretsmanager_secret\" \"{label}\""), made)
            .block(format!("resource \"aws_secretsmanager_secret_version\" \"{label}\""), version))
    }

    pub(super) fn role(&self, body: Body, resource: &Resource) -> Result<Body, Error> {
        let role: shapes::Role = read(resource)?;
        let label = label(resource);
        let [own] = role.policies.as_slice() else {
            return Err(Error::Document(format!("{}: it must have one policy of its own", resource.id)));
        };
        let made = Body::default()
            .set("name_prefix", "\"${var.name}-\"")
            .set("path", hcl::text(&role.path))
            .set("description", hcl::text(&role.description))
            .set("permissions_boundary", self.later(&role.permissions_boundary)?)
            .set("assume_role_policy", format!("data.aws_iam_policy_document.{label}_trust.json"))
            .set("tags", tags());
        let managed = Body::default()
            .set_why("for_each", format!("toset({})", hcl::texts(&role.managed_policy_arns)), why(resource, "/ManagedPolicyArns"))
            .set("role", format!("aws_iam_role.{label}.name"))
            .set("policy_arn", "each.value");
        let inline = Body::default()
            .set("name", hcl::text(&own.policy_name))
            .set("role", format!("aws_iam_role.{label}.name"))
            .set("policy", format!("data.aws_iam_policy_document.{label}.json"));
        let at = |error: Error| match error {
            Error::Document(message) => Error::Document(format!("{}: {message}", resource.id)),
            other => other,
        };
        let trust = policy::body(self, &role.assume_role_policy_document).map_err(at)?;
        let allowed = policy::body(self, &own.policy_document).map_err(at)?;
        Ok(body
            .block(format!("data \"aws_iam_policy_document\" \"{label}_trust\""), trust)
            .block(format!("resource \"aws_iam_role\" \"{label}\""), made)
            .block(format!("resource \"aws_iam_role_policy_attachment\" \"{label}\""), managed)
            .block_why(format!("data \"aws_iam_policy_document\" \"{label}\""), allowed, why(resource, "/Policies"))
            .block(format!("resource \"aws_iam_role_policy\" \"{label}\""), inline))
    }

    pub(super) fn profile(&self, body: Body, resource: &Resource) -> Result<Body, Error> {
        let profile: shapes::InstanceProfile = read(resource)?;
        let [role] = profile.roles.as_slice() else {
            return Err(Error::Document(format!("{}: it must have one role", resource.id)));
        };
        let block = Body::default()
            .set("name_prefix", "\"${var.name}-\"")
            .set("path", hcl::text(&profile.path))
            .set("role", self.later(role)?)
            .set("tags", tags());
        Ok(body.block(format!("resource \"aws_iam_instance_profile\" \"{}\"", label(resource)), block))
    }
}

/// A protocol, and its first and last port.
type Span<'a> = (&'a str, u16, u16);

/// The ranges of each protocol and span of ports, in the order of the rules. A rule without ports is one for all of them.
fn grouped(rules: &[shapes::Rule]) -> Vec<(Span<'_>, Vec<&str>)> {
    let mut groups: Vec<(Span<'_>, Vec<&str>)> = Vec::new();
    for rule in rules {
        let key = (rule.ip_protocol.as_str(), rule.from_port.unwrap_or(0), rule.to_port.unwrap_or(0));
        match groups.iter_mut().find(|(known, _)| *known == key) {
            Some((_, ranges)) => ranges.push(&rule.cidr_ip),
            None => groups.push((key, vec![&rule.cidr_ip])),
        }
    }
    groups
}
