# The bucket is what this makes; README.md says how the first apply is done. Bucket and region are given at init.
terraform {
  backend "s3" {
    key          = "cloudsail/bootstrap/terraform.tfstate"
    encrypt      = true
    use_lockfile = true
  }
}
