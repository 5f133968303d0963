variable "domain" {
  type        = string
  description = "The name that the certificate is for, such as api.example.com."

  validation {
    condition     = can(regex("^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z]{2,63}$", var.domain)) && length(var.domain) <= 64
    error_message = "A certificate's first name is one domain of up to 64 characters, such as api.example.com."
  }
}

variable "zone_id" {
  type        = string
  description = "The hosted zone that holds the name."

  validation {
    condition     = can(regex("^Z[A-Z0-9]{1,31}$", var.zone_id))
    error_message = "A hosted zone's id begins with Z."
  }
}
