data "aws_partition" "current" {}

locals {
  environment = "dev"
  build       = "${path.module}/../../../.local/build" # where scripts/build --release puts what it made

  # Made by terraform/bootstrap, since whoever applies this may not change it.
  permissions_boundary_arn = "arn:${data.aws_partition.current.partition}:iam::${var.account_id}:policy/cloudsail-access/environment-roles"

  # Public halves, one file a key, its name the key's: scripts/cdn-key puts them here, to be committed.
  cdn_public_keys = { for file in fileset("${path.module}/cdn-keys", "*.pem") : trimsuffix(file, ".pem") => file("${path.module}/cdn-keys/${file}") }
}
