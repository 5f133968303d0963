variable "name" {
  type        = string
  description = "Name of the user pool and prefix of its client's, such as cloudsail-local."
}

variable "access_token_minutes" {
  type        = number
  description = "How long an access token lives. It can't be taken back before, so short is safe."
  default     = 5

  validation {
    condition     = var.access_token_minutes >= 5 && var.access_token_minutes <= 1440
    error_message = "Cognito gives access tokens from 5 minutes to 1440 (a day)."
  }
}

variable "refresh_token_days" {
  type        = number
  description = "How long a person stays signed in without the password."
  default     = 30

  validation {
    condition     = var.refresh_token_days >= 1 && var.refresh_token_days <= 3650
    error_message = "Cognito gives refresh tokens from 1 day to 3650."
  }
}

variable "protect" {
  type        = bool
  description = "Whether the pool refuses deletion, and all its users with it."
  default     = true
}
