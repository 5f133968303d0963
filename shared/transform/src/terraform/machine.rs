//! The machine, its data volume, and what people ask of it.

use super::hcl::{self, Body};
use super::{Error, Export, label, read, tags, why};
use crate::aws::Design;
use crate::aws::shapes::{self, INSTANCE, Later, SECRET, VOLUME};
use crate::document::Resource;
use std::collections::BTreeMap;

/// The boot script's file.
pub(super) const SCRIPT: &str = "boot.sh";

impl Export<'_> {
    pub(super) fn volume(&self, body: Body, resource: &Resource) -> Result<Body, Error> {
        let volume: shapes::Volume = read(resource)?;
        let mut block = Body::default()
            .set_why("availability_zone", self.later(&volume.availability_zone)?, why(resource, "/AvailabilityZone"))
            .set_why("size", volume.size.to_string(), why(resource, "/Size"))
            .set("type", hcl::text(&volume.volume_type))
            .set_why("iops", volume.iops.to_string(), why(resource, "/Iops"))
            .set_why("throughput", volume.throughput.to_string(), why(resource, "/Throughput"))
            .set_why("encrypted", volume.encrypted.to_string(), why(resource, "/Encrypted"));
        if resource.keep_days.is_some() {
            block = block.set_why("final_snapshot", "!var.skip_final_snapshot", "A destroy leaves the data in a snapshot.");
        }
        let still = "Another default subnet in the account is no reason to replace the data.";
        let block =
            block.set_why("tags", tags(), "").block("lifecycle", Body::default().set_why("ignore_changes", "[availability_zone]", still));
        Ok(body.block(format!("resource \"aws_ebs_volume\" \"{}\"", label(resource)), block))
    }

    pub(super) fn instance(&self, body: Body, resource: &Resource) -> Result<Body, Error> {
        let instance: shapes::Instance = read(resource)?;
        let [root] = instance.block_device_mappings.as_slice() else {
            return Err(Error::Document(format!("{}: it must have one root volume", resource.id)));
        };
        let script = self.script(&instance.user_data.base64.script.1)?;
        let metadata = Body::default()
            .set("http_tokens", hcl::text(&instance.metadata_options.http_tokens))
            .set("http_put_response_hop_limit", instance.metadata_options.http_put_response_hop_limit.to_string());
        let disk = Body::default()
            .set_why("volume_size", root.ebs.volume_size.to_string(), why(resource, "/BlockDeviceMappings/0/Ebs/VolumeSize"))
            .set("volume_type", hcl::text(&root.ebs.volume_type))
            .set("encrypted", root.ebs.encrypted.to_string())
            .set("delete_on_termination", root.ebs.delete_on_termination.to_string())
            .set("tags", tags());
        let label = label(resource);
        let first = [
            format!("aws_secretsmanager_secret_version.{label}"),
            format!("aws_iam_role_policy.{label}"),
            format!("aws_iam_role_policy_attachment.{label}"),
        ];
        let still = "A newer image, or another default subnet, is no reason to replace a machine that runs.";
        let block = Body::default()
            .set("ami", self.later(&instance.image_id)?)
            .set_why("instance_type", hcl::text(&instance.instance_type), why(resource, "/InstanceType"))
            .set("subnet_id", self.later(&instance.subnet_id)?)
            .set("vpc_security_group_ids", self.all_later(&instance.security_group_ids)?)
            .set("iam_instance_profile", self.later(&instance.iam_instance_profile)?)
            .set("instance_initiated_shutdown_behavior", hcl::text(&instance.instance_initiated_shutdown_behavior))
            .set_why("user_data_base64", script, "It runs once; another script needs another machine.")
            .set("user_data_replace_on_change", "true")
            .set("tags", tags())
            .block_why("metadata_options", metadata, why(resource, "/MetadataOptions"))
            .block("root_block_device", disk)
            .block("lifecycle", Body::default().set_why("ignore_changes", "[ami, subnet_id]", still))
            .set_why("depends_on", hcl::list(&first), "The machine reads its password as soon as it boots.");
        Ok(body.block(format!("resource \"aws_instance\" \"{label}\""), block))
    }

    /// The boot script with its places filled in, packed.
    fn script(&self, places: &BTreeMap<String, Later>) -> Result<String, Error> {
        let value = |(place, later): (&String, &Later)| Ok(format!("  {}, {}", hcl::text(&format!("@{place}@")), self.later(later)?));
        let values = places.iter().map(value).collect::<Result<Vec<_>, Error>>()?.join("),\n");
        Ok(format!("base64gzip({}file(\"${{path.module}}/{SCRIPT}\"),\n{values}\n))", "replace(".repeat(places.len())))
    }

    pub(super) fn attachment(&self, body: Body, resource: &Resource) -> Result<Body, Error> {
        let attachment: shapes::Attachment = read(resource)?;
        let block = Body::default()
            .set("volume_id", self.later(&attachment.volume_id)?)
            .set("instance_id", self.later(&attachment.instance_id)?)
            .set_why("device_name", hcl::text(&attachment.device), "Nitro machines ignore it: boot.sh finds the volume by its id.")
            .set_why("stop_instance_before_detaching", "true", "PostgreSQL is shut down cleanly before its disk goes.");
        Ok(body.block(format!("resource \"aws_volume_attachment\" \"{}\"", label(resource)), block))
    }

    pub(super) fn outputs(&self, design: &Design) -> Result<Body, Error> {
        let one = |kind: &str| {
            let found = self.document.resources.iter().find(|resource| resource.kind == kind);
            found.map(label).ok_or_else(|| Error::Document(format!("it holds no {kind}")))
        };
        let (instance, secret, volume) = (one(INSTANCE)?, one(SECRET)?, one(VOLUME)?);
        let configuration = &design.configuration;
        let host = format!("aws_instance.{instance}.private_ip");
        // The words of a connection string are quoted by `'`; these names hold no such letter, which the plan's rules see to.
        let connection = format!(
            "\"host=${{{host}}} port={} dbname={} user={} sslmode=verify-full sslrootcert=ca.crt\"",
            configuration.port, configuration.database, configuration.user
        );
        let outputs = [
            ("connection", "For psql; README.md says where ca.crt and the password are.", connection),
            ("host", "The machine's private address.", host),
            ("instance_id", "The machine.", format!("aws_instance.{instance}.id")),
            ("secret_arn", "Where the administrator's name and password are.", format!("aws_secretsmanager_secret.{secret}.arn")),
            ("volume_id", "The data.", format!("aws_ebs_volume.{volume}.id")),
        ];
        Ok(Body::default().each(outputs, |body, (name, description, value)| {
            let output = Body::default().set("description", hcl::text(description)).set("value", value);
            body.block(format!("output \"{name}\""), output)
        }))
    }
}
