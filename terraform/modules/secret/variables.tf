variable "name" {
  type        = string
  description = "Name of the secret, such as cloudsail-local/database/app."

  validation {
    condition     = can(regex("^[A-Za-z0-9/_+=.@-]{1,512}$", var.name)) && !can(regex("-[A-Za-z0-9]{6}$", var.name))
    error_message = "A secret's name is up to 512 letters, digits and /_+=.@-, and does not end in a dash and six of them, as its ARN does."
  }
}

variable "description" {
  type        = string
  description = "What the password is for."

  validation {
    condition     = length(var.description) > 0
    error_message = "A secret says what it is for."
  }
}

variable "username" {
  type        = string
  description = "Whose password it is; kept beside it."

  validation {
    condition     = length(var.username) > 0
    error_message = "A password is somebody's."
  }
}

variable "password_version" {
  type        = number
  description = "Raise it to have the password made anew on the next apply."
  default     = 1

  validation {
    condition     = var.password_version >= 1 && floor(var.password_version) == var.password_version
    error_message = "The version is a whole number from 1 up."
  }
}

variable "protect" {
  type        = bool
  description = "Whether a deleted secret can be brought back for 30 days. Off only where the data is for trying out."
  default     = true
}
