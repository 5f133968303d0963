variable "name" {
  type        = string
  description = "Prefix of the layers' names, such as cloudsail-local."

  validation {
    condition     = can(regex("^[a-zA-Z0-9_-]{1,54}$", var.name))
    error_message = "The name is up to 54 letters, digits, dashes and underscores, so that each layer's fits into 64."
  }
}

variable "packages_folder" {
  type        = string
  description = "Where scripts/build puts the layers' zips."

  validation {
    condition     = length(var.packages_folder) > 0
    error_message = "The folder of the layers' zips must be named."
  }
}

variable "code_bucket" {
  type        = string
  description = "Bucket that Lambda fetches the zips from."

  validation {
    condition     = length(var.code_bucket) > 0
    error_message = "The bucket of the functions' code must be named."
  }
}

variable "keep_versions" {
  type        = bool
  description = "Whether versions stay when newer ones take their place, so that a function can be rolled back to them. Off only where a destroy must leave nothing."
  default     = true
}
