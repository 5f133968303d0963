locals {
  environment      = "local"
  google_client_id = "cloudsail-local.apps.googleusercontent.com"
}
