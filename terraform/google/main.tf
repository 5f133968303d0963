# The project that Google knows us by: people sign in by it, and give access to their calendar and meetings.
resource "google_project" "main" {
  project_id          = var.project_id
  name                = var.project_name
  org_id              = var.org_id
  billing_account     = var.billing_account
  auto_create_network = false
  deletion_policy     = "PREVENT"

  labels = {
    project = "cloudsail"
  }
}

resource "google_project_service" "main" {
  for_each = toset([
    "calendar-json.googleapis.com",
    "meet.googleapis.com",
  ])

  project            = google_project.main.project_id
  service            = each.key
  disable_on_destroy = false # what else uses it goes on
}

# Who may change the project's consent screen and clients, by hand: Google's provider makes neither for sign-in.
resource "google_project_iam_member" "oauth_editor" {
  for_each = var.oauth_editors

  project = google_project.main.project_id
  role    = "roles/oauthconfig.editor"
  member  = "user:${each.key}"
}
