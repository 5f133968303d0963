output "vpc_id" {
  description = "The VPC."
  value       = aws_vpc.main.id
}

output "private_subnet_ids" {
  description = "One subnet a zone, with a way out through the NAT gateway and none in."
  value       = [for zone in local.zones : aws_subnet.private[zone].id]
}

output "security_group_ids" {
  description = "Security group by role: functions, migrations, proxy, cluster."
  value       = { for role, group in aws_security_group.main : role => group.id }
}
