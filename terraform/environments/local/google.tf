# The local cloud plays Google too. What it takes for its secret opens nothing else, and stands in its source.

resource "aws_secretsmanager_secret" "google" {
  name                    = "cloudsail-${local.environment}-google"
  description             = "Secret of the client that the local cloud's Google knows us by."
  recovery_window_in_days = 0
}

resource "aws_secretsmanager_secret_version" "google" {
  secret_id     = aws_secretsmanager_secret.google.id
  secret_string = "played-by-the-local-cloud"
}
