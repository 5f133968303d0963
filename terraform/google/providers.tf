# Who we are comes from `gcloud auth application-default login`: no key of a service account is stored.
provider "google" {
  region                = "northamerica-northeast1"
  billing_project       = var.project_id
  user_project_override = true
}
