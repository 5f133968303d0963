variable "name" {
  type        = string
  description = "Prefix of the bucket's name, such as cloudsail-local; -code- and the account's number follow."

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9-]{1,43}$", var.name))
    error_message = "The name is 2 to 44 lower-case letters, digits and dashes, so that the bucket's fits into 63."
  }
}

variable "require_tls" {
  type        = bool
  description = "Whether plain HTTP is refused. Off only for the local cloud, which is reached over loopback without TLS."
  default     = true
}

variable "force_destroy" {
  type        = bool
  description = "Whether the bucket is deleted with what Terraform did not put there. Off wherever someone may still want it."
  default     = false
}
