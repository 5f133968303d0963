locals {
  # What scripts/build makes of layers/. Lambda unpacks each under /opt/cloudsail/<name>.
  layers = {
    bootstrap = "Templates that the worker renders into user data"
    ca-bundle = "Roots of RDS, and public ones"
    knowledge = "Rules and catalogues, as data"
  }

  # `terraform test` plans without packages; in an apply the provider itself refuses a file that is not there.
  packages = { for name in keys(local.layers) : name => "${var.packages_folder}/${name}.zip" }
  hashes   = { for name, file in local.packages : name => try(filesha256(file), "missing") }
}

resource "aws_s3_object" "package" {
  for_each = local.packages

  bucket      = var.code_bucket
  key         = "layers/${each.key}/${local.hashes[each.key]}.zip"
  source      = each.value
  source_hash = local.hashes[each.key]

  lifecycle {
    create_before_destroy = true
  }
}

# A version is never changed. What is new is a version beside the old one, and functions are moved to it.
resource "aws_lambda_layer_version" "main" {
  for_each = local.layers

  layer_name          = "${var.name}-${each.key}"
  description         = each.value
  compatible_runtimes = ["provided.al2023"]
  skip_destroy        = var.keep_versions

  s3_bucket         = aws_s3_object.package[each.key].bucket
  s3_key            = aws_s3_object.package[each.key].key
  s3_object_version = aws_s3_object.package[each.key].version_id
  source_code_hash  = try(filebase64sha256(local.packages[each.key]), null)

  lifecycle {
    create_before_destroy = true
  }
}
