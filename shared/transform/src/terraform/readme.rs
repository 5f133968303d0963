//! What a person who finds the folder must know.

use super::{Export, PROVIDER, TERRAFORM};
use crate::aws::Design;

impl Export<'_> {
    pub(super) fn readme(&self, design: &Design) -> String {
        let configuration = &design.configuration;
        let ranges = if design.ingress.is_empty() {
            "nobody: no range is named in `network.tf`".to_owned()
        } else {
            format!("{} ranges, named in `network.tf`", design.ingress.len())
        };
        let values: &[(&str, &str)] = &[
            // A backtick would end the code that the name stands in.
            ("NAME", &self.document.name.replace('`', "'")),
            ("REGION", &self.document.region),
            ("TERRAFORM", TERRAFORM),
            ("PROVIDER", PROVIDER),
            ("VERSION", &configuration.version),
            ("DATABASE", &configuration.database),
            ("USER", &configuration.user),
            ("PORT", &configuration.port.to_string()),
            ("TYPE", &design.instance_type),
            ("SIZE", &design.volume.size_gib.to_string()),
            ("RANGES", &ranges),
        ];
        // The template's own places only: a name that looks like one stays what it is.
        include_str!("readme.md").split('@').enumerate().fold(String::new(), |text, (index, part)| {
            let value = values.iter().find(|(name, _)| index % 2 == 1 && *name == part);
            text + value.map_or(part, |(_, value)| value)
        })
    }
}
