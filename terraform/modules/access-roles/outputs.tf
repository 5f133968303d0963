output "arns" {
  description = "The roles: read-only, deploy, break-glass and workflow."
  value       = merge({ for name, role in aws_iam_role.people : name => role.arn }, { workflow = aws_iam_role.workflow.arn })
}

output "boundary_arn" {
  description = "The most that they may do themselves."
  value       = aws_iam_policy.boundary.arn
}
