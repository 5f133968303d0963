locals {
  environment = "local"
}
