locals {
  database = "cloudsail"

  # The first owns the schema and is used by migrations alone; the second is what the proxy signs in as.
  roles = {
    admin = "cloudsail_admin"
    app   = "cloudsail"
  }
}
