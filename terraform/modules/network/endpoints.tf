data "aws_region" "current" {}

data "aws_partition" "current" {}

# Costs nothing, and keeps what goes to S3 off the NAT gateway, which does. It has no policy of its own: what may be read and
# written is in each role's, and the code that Lambda fetches does not come this way.
resource "aws_vpc_endpoint" "s3" {
  vpc_id            = aws_vpc.main.id
  vpc_endpoint_type = "Gateway"
  service_name      = "com.amazonaws.${data.aws_region.current.name}.s3"
  route_table_ids   = [for table in values(aws_route_table.private) : table.id]

  tags = { Name = "${var.name}-s3" }
}

# The services' usual names lead to the endpoint from inside, so that no caller need know of it.
resource "aws_vpc_endpoint" "interface" {
  for_each = var.interface_endpoints

  vpc_id              = aws_vpc.main.id
  vpc_endpoint_type   = "Interface"
  service_name        = "com.amazonaws.${data.aws_region.current.name}.${each.key}"
  subnet_ids          = [for zone in local.zones : aws_subnet.private[zone].id]
  security_group_ids  = [aws_security_group.main["endpoints"].id]
  private_dns_enabled = true

  tags = { Name = "${var.name}-${each.key}" }
}
