# Who may sign in: one user, with a token that IAM checks. Its name has to be its id. A group of Valkey's takes only users that sign in,
# and needs none called "default", unlike one of Redis's: who does not sign in gets nothing.
resource "aws_elasticache_user" "functions" {
  user_id       = var.name
  user_name     = var.name
  engine        = "valkey"
  access_string = trimspace(var.access_string)

  authentication_mode {
    type = "iam"
  }
}

resource "aws_elasticache_user_group" "main" {
  user_group_id = var.name
  engine        = "valkey"
  user_ids      = [aws_elasticache_user.functions.user_id]
}
