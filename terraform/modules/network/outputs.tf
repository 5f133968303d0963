output "vpc_id" {
  description = "The VPC."
  value       = aws_vpc.main.id
}

output "private_subnet_ids" {
  description = "One subnet a zone, with a way out through the NAT gateway and none in."
  value       = [for zone in local.zones : aws_subnet.private[zone].id]
}

output "security_group_ids" {
  description = "Security group by role: functions, migrations, proxy, cluster, cache, and those that there are of bastion and endpoints."
  value       = { for role, group in aws_security_group.main : role => group.id }
}

output "private_route_table_ids" {
  description = "Route tables of the private subnets, one for each way out."
  value       = [for table in values(aws_route_table.private) : table.id]
}

output "ingress" {
  description = "All that is let in, by its line in security_groups.tf: the range or the group it comes from."
  value = { for name, rule in aws_vpc_security_group_ingress_rule.connections : name => {
    cidr_ipv4 = rule.cidr_ipv4
    cidr_ipv6 = rule.cidr_ipv6
    port      = rule.from_port
  } }
}
