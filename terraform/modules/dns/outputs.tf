output "zone_id" {
  description = "Where the domain's records are put."
  value       = local.zone.zone_id

  # Records in a zone that does not hold the domain would be accepted, and never be asked for.
  precondition {
    condition     = var.domain == trimsuffix(local.zone.name, ".") || endswith(var.domain, ".${trimsuffix(local.zone.name, ".")}")
    error_message = "The hosted zone ${local.zone.name} does not hold ${var.domain}."
  }
}

output "name_servers" {
  description = "What the registrar must name for the domain."
  value       = local.zone.name_servers
}
