# The path is given at init, so that the state stands with the rest of the local cloud's, outside git.
terraform {
  backend "local" {}
}
