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

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653], var.log_retention_days)
    error_message = "CloudWatch keeps logs for 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365 or 400 days, or some lengths of years."
  }
}

variable "domain" {
  type        = object({ name = string, certificate_arn = string, zone_id = string })
  description = "A name of our own for the API, with its certificate in the API's region and the hosted zone that holds it. Null leaves the name that AWS gives."
  default     = null

  validation {
    condition     = var.domain == null || can(regex("^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z]{2,63}$", var.domain.name))
    error_message = "The API's name is like api.example.com."
  }
}
