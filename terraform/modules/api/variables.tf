variable "name" {
  type        = string
  description = "Name of the API, such as cloudsail-local."
}

variable "jwt" {
  type        = object({ issuer = string, audience = string })
  description = "Whose tokens are let in: the issuer's URL and the client they were made for."

  validation {
    condition     = startswith(var.jwt.issuer, "https://")
    error_message = "The issuer is an https URL."
  }
}

variable "throttle" {
  type        = object({ burst = number, rate = number })
  description = "Requests that may come at once, and each second, over all routes."
  default     = { burst = 200, rate = 100 }

  validation {
    condition     = var.throttle.burst >= 1 && var.throttle.rate >= 1
    error_message = "Burst and rate are 1 at least; 0 would shut the API."
  }
}

variable "log_retention_days" {
  type        = number
  description = "How long access logs are kept."
  default     = 30
}
