//! What is looked up in the account: the subnet and the image; and the variables.

use super::hcl::{self, Body};
use super::{Error, Export, name};
use crate::aws::Image;
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Subnet {
    wished: Option<String>,
}

impl Export<'_> {
    fn lookup<T: for<'de> Deserialize<'de>>(&self, name: &str) -> Result<T, Error> {
        let value = self.document.lookups.get(name).ok_or_else(|| Error::Document(format!("the lookup {name} is missing")))?;
        T::deserialize(value).map_err(|error| Error::Document(format!("the lookup {name}: {error}")))
    }

    pub(super) fn variables(&self) -> Result<Body, Error> {
        let or_null = |wished: Option<String>| wished.map_or_else(|| "null".to_owned(), |wished| hcl::text(&wished));
        let variable = |kind: &str, description: &str, default: String| {
            Body::default().set("description", hcl::text(description)).set("type", kind).set("default", default)
        };
        let name_rule = Body::default()
            .set("condition", r#"can(regex("^[a-z][a-z0-9-]{0,23}$", var.name))"#)
            .set("error_message", hcl::text("The name must be 1 to 24 small letters, digits and hyphens, and begin with a letter."));
        let subnet = "The machine's subnet; null takes a default one. It needs a way out, for packages. Decided at the first apply.";
        let image = "The machine's image; null takes the newest of the system that the plan names. Decided at the first apply.";
        let boundary = "ARN of a policy that bounds the machine's role; null for none.";
        let mut body = Body::default()
            .block(
                "variable \"name\"",
                variable("string", "Begins the name of all that is made.", hcl::text(&name(self.document))).block("validation", name_rule),
            )
            .block("variable \"subnet_id\"", variable("string", subnet, or_null(self.lookup::<Subnet>("Subnet")?.wished)))
            .block("variable \"image_id\"", variable("string", image, or_null(self.lookup::<Image>("Image")?.wished)))
            .block("variable \"permissions_boundary\"", variable("string", boundary, "null".to_owned()));
        if self.document.resources.iter().any(|resource| resource.keep_days.is_some()) {
            let skip = "Whether a destroy deletes the data for good. It counts once it was applied.";
            body = body.block("variable \"skip_final_snapshot\"", variable("bool", skip, "false".to_owned()));
        }
        Ok(body)
    }

    pub(super) fn subnet(&self) -> Body {
        let filter = |name: &str, value: &str| Body::default().set("name", hcl::text(name)).set("values", hcl::texts(&[value]));
        let found = Body::default()
            .set("condition", "length(self.ids) > 0")
            .set("error_message", hcl::text("The account has no default subnet in this region: name one in subnet_id."));
        let default = Body::default()
            .set("count", "var.subnet_id == null ? 1 : 0")
            .block("filter", filter("default-for-az", "true"))
            .block("filter", filter("state", "available"))
            .block("lifecycle", Body::default().block("postcondition", found));
        let each = Body::default().set("for_each", "toset(flatten(data.aws_subnets.default[*].ids))").set("id", "each.value");
        let first = "values({ for subnet in data.aws_subnet.default : subnet.availability_zone => subnet.id })[0]";
        let why = "Of the default ones, of which a zone has one, that of the zone whose name is first, as a deploy takes it.";
        let this = Body::default().set_why("id", format!("var.subnet_id == null ? {first} : var.subnet_id"), why);
        Body::default()
            .block("data \"aws_subnets\" \"default\"", default)
            .block("data \"aws_subnet\" \"default\"", each)
            .block("data \"aws_subnet\" \"this\"", this)
    }

    pub(super) fn image(&self) -> Result<Body, Error> {
        let image: Image = self.lookup("Image")?;
        let filter = |name: &str, value: &str| Body::default().set("name", hcl::text(name)).set("values", hcl::texts(&[value]));
        let newest = Body::default()
            .set("count", "var.image_id == null ? 1 : 0")
            .set("owners", hcl::texts(&[&image.owner]))
            .set("most_recent", "true")
            .block("filter", filter("name", &image.name_pattern))
            .block("filter", filter("architecture", &image.architecture))
            .block("filter", filter("state", "available"));
        let local = Body::default().set("image_id", "var.image_id == null ? data.aws_ami.newest[0].id : var.image_id");
        Ok(Body::default().block("data \"aws_ami\" \"newest\"", newest).block("locals", local))
    }
}
