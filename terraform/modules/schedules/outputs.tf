output "group" {
  description = "What the word schedule:write is granted on: the group's name, the ARN of all schedules in it, and the role that they send with."
  value = {
    name          = aws_scheduler_schedule_group.main.name
    schedules_arn = "${local.prefix}:schedule/${var.name}/*"
    role_arn      = "arn:${data.aws_partition.current.partition}:iam::${var.account_id}:role/${aws_iam_role.main.name}"
  }
}
