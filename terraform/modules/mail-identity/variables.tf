variable "identity" {
  type        = string
  description = "The domain, such as example.com, or one address where there is no domain."

  validation {
    condition     = can(regex("^([a-zA-Z0-9._+-]+@)?([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z]{2,63}$", var.identity))
    error_message = "An identity is a domain such as example.com, or an address such as noreply@example.com."
  }
}

variable "configuration_set" {
  type        = string
  description = "Configuration set of mail that names none. Null where nothing is sent."
  default     = null
}

variable "zone" {
  type        = object({ id = string })
  description = "The hosted zone, by its id, that the domain's DKIM records are put into. Null where they are put elsewhere by hand: they are in the output."
  default     = null

  validation {
    condition     = var.zone == null || !strcontains(var.identity, "@")
    error_message = "An address has no records of its own."
  }
}
