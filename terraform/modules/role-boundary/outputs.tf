output "arn" {
  description = "The boundary that each role of an environment has."
  value       = "arn:${local.partition}:iam::${var.account_id}:policy${local.path}${aws_iam_policy.main.name}" # made of names, so that a plan shows it
}
