# What routes, queues and schedules invoke. Terraform makes a new version and leaves the alias where it is: scripts/deploy moves
# it, first with a part of the calls, and back again where an alarm goes off. Its description says what it came from.
resource "aws_lambda_alias" "live" {
  name             = "live"
  function_name    = aws_lambda_function.main.function_name
  function_version = aws_lambda_function.main.version

  lifecycle {
    ignore_changes = [description, function_version, routing_config]
  }
}
