variable "name" {
  type        = string
  description = "Prefix of the API's name, such as cloudsail-local."

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{2,30}$", var.name))
    error_message = "The name is 3 to 31 lower-case letters, digits and dashes, beginning with a letter."
  }
}

variable "routes" {
  type        = map(string)
  description = "Id of each route, by its function's folder. The API is deployed anew when they change, and has no stage without any."
  default     = {}
  nullable    = false
}

variable "authorizers" {
  type        = map(string)
  description = "Where API Gateway calls the function that says who may connect, by its folder: none or one."
  default     = {}
  nullable    = false

  validation {
    condition     = length(var.authorizers) <= 1
    error_message = "One function says who may connect."
  }
}

variable "throttle" {
  type        = object({ burst = number, rate = number })
  description = "Messages that may come at once, and each second, over all connections; connecting counts as one."
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

variable "gateway_url" {
  type        = string
  description = "Where the local cloud's API Gateway answers, before the API's id. Null on AWS, where each API has a host of its own."
  default     = null

  validation {
    condition     = var.gateway_url == null || can(regex("^https?://[^/]+(/[^/]+)*$", var.gateway_url))
    error_message = "The gateway's URL is like http://localhost:4566/_aws/execute-api, without a slash at its end."
  }
}
