locals {
  environment = "dev"
  build       = "${path.module}/../../../.local/build" # where scripts/build --release puts what it made
}
