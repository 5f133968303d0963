variable "domain" {
  type        = string
  description = "The domain, such as example.com or cloudsail.example.com."

  validation {
    condition     = can(regex("^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z]{2,63}$", var.domain))
    error_message = "A domain is like cloudsail.example.com, in lower case and without a dot at its end."
  }
}

variable "zone_id" {
  type        = string
  description = "The domain's hosted zone, where there is one. Null makes one."
  default     = null

  validation {
    condition     = var.zone_id == null || can(regex("^Z[A-Z0-9]{1,31}$", var.zone_id))
    error_message = "A hosted zone's id begins with Z."
  }
}
