locals {
  environment = "prod"
  build       = "${path.module}/../../../.local/build" # where scripts/build --release puts what it made
}
