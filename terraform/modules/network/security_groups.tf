locals {
  groups = merge({
    functions  = "Functions that use the database through the proxy"
    migrations = "The function that brings the schema up to date, past the proxy"
    proxy      = "RDS Proxy"
    cluster    = "Aurora cluster"
    cache      = "ElastiCache"
    },
    var.bastion ? { bastion = "Bastion, through which people reach the database" } : {},
    length(var.interface_endpoints) > 0 ? { endpoints = "Interface endpoints of AWS services" } : {},
  )

  # Who calls AWS's own APIs.
  callers = concat(["functions", "migrations"], var.bastion ? ["bastion"] : [])

  # Who may talk to whom. Each line is one egress and one ingress rule; nothing else passes between the groups.
  connections = merge({
    functions-proxy    = { from = "functions", to = "proxy", port = var.ports.proxy }
    migrations-cluster = { from = "migrations", to = "cluster", port = var.ports.cluster }
    functions-cache    = { from = "functions", to = "cache", port = var.ports.cache }
    proxy-cluster      = { from = "proxy", to = "cluster", port = var.ports.cluster }
    },
    var.bastion ? {
      bastion-proxy   = { from = "bastion", to = "proxy", port = var.ports.proxy }
      bastion-cluster = { from = "bastion", to = "cluster", port = var.ports.cluster }
    } : {},
    contains(keys(local.groups), "endpoints") ? {
      for caller in local.callers : "${caller}-endpoints" => { from = caller, to = "endpoints", port = 443 }
    } : {},
  )
}

resource "aws_security_group" "main" {
  for_each = local.groups

  name        = "${var.name}-${each.key}"
  description = each.value
  vpc_id      = aws_vpc.main.id

  tags = { Name = "${var.name}-${each.key}" }
}

resource "aws_vpc_security_group_egress_rule" "connections" {
  for_each = local.connections

  security_group_id            = aws_security_group.main[each.value.from].id
  referenced_security_group_id = aws_security_group.main[each.value.to].id
  ip_protocol                  = "tcp"
  from_port                    = each.value.port
  to_port                      = each.value.port
  description                  = "to ${each.value.to}"
}

resource "aws_vpc_security_group_ingress_rule" "connections" {
  for_each = local.connections

  security_group_id            = aws_security_group.main[each.value.to].id
  referenced_security_group_id = aws_security_group.main[each.value.from].id
  ip_protocol                  = "tcp"
  from_port                    = each.value.port
  to_port                      = each.value.port
  description                  = "from ${each.value.from}"
}

# AWS's own APIs have no fixed addresses, so HTTPS goes anywhere: through the NAT gateway, and never inwards.
resource "aws_vpc_security_group_egress_rule" "https" {
  for_each = toset(local.callers)

  security_group_id = aws_security_group.main[each.key].id
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
  description       = "AWS APIs"
}
