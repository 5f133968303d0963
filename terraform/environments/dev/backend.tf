# Bucket and region are given at init. The lock is an object beside the state.
terraform {
  backend "s3" {
    key          = "cloudsail/dev/terraform.tfstate"
    encrypt      = true
    use_lockfile = true
  }
}
