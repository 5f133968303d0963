variable "region" {
  type        = string
  description = "AWS region."
  default     = "ca-central-1"

  validation {
    condition     = can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", var.region))
    error_message = "A region is named like ca-central-1."
  }
}

variable "packages_folder" {
  type        = string
  description = "Where scripts/build puts the functions' zips."

  validation {
    condition     = length(var.packages_folder) > 0
    error_message = "The folder of the functions' zips must be named."
  }
}

variable "layers_folder" {
  type        = string
  description = "Where scripts/build puts the layers' zips."

  validation {
    condition     = length(var.layers_folder) > 0
    error_message = "The folder of the layers' zips must be named."
  }
}

variable "database_ca_pem" {
  type        = string
  description = "Certificate of the local cloud's own CA, which signs the database's."

  validation {
    condition     = startswith(trimspace(var.database_ca_pem), "-----BEGIN CERTIFICATE-----")
    error_message = "The CA is a certificate in PEM."
  }
}

variable "database_ports" {
  type        = object({ cluster = number, proxy = number })
  description = "Where the local PostgreSQL and PgBouncer listen, in the place of Aurora and RDS Proxy."
  default     = { cluster = 54320, proxy = 64320 }

  validation {
    condition     = alltrue([for port in values(var.database_ports) : port >= 1150 && port <= 65535])
    error_message = "A database port is between 1150 and 65535, as RDS asks."
  }
}

variable "architecture" {
  type        = string
  description = "Processor of this machine, which runs the functions."
  default     = "x86_64"

  validation {
    condition     = contains(["x86_64", "arm64"], var.architecture)
    error_message = "The architecture is x86_64 or arm64."
  }
}

variable "access_token_minutes" {
  type        = number
  description = "How long an access token lives."
  default     = 5

  validation {
    condition     = var.access_token_minutes >= 5 && var.access_token_minutes <= 1440
    error_message = "Cognito gives access tokens from 5 minutes to 1440 (a day)."
  }
}

variable "deploy_deadline_s" {
  type        = number
  description = "Seconds from an accepted deploy to running, after which a person is told that it has an issue."
  default     = 900

  validation {
    condition     = var.deploy_deadline_s >= 60 && var.deploy_deadline_s <= 3600
    error_message = "The deadline is between 60 and 3600 seconds."
  }
}

variable "reconcile_grace_s" {
  type        = number
  description = "Seconds for which what is found in a customer's account is not judged: a call that made it may not have ended."
  default     = 5 # nothing here takes longer

  validation {
    condition     = var.reconcile_grace_s >= 5 && var.reconcile_grace_s <= 3600
    error_message = "The grace is between 5 and 3600 seconds."
  }
}

variable "redis_port" {
  type        = number
  description = "Where the local Redis listens, in the place of ElastiCache."
  default     = 63790

  validation {
    condition     = var.redis_port >= 1024 && var.redis_port <= 65535
    error_message = "The port is between 1024 and 65535."
  }
}

variable "user_rate" {
  type        = object({ per_second = number, burst = number })
  description = "How often one user may ask. High, since tests ask for many things at once."
  default     = { per_second = 500, burst = 2000 }

  validation {
    condition     = var.user_rate.per_second >= 1 && var.user_rate.burst >= 1
    error_message = "Rate and burst are 1 at least."
  }
}

variable "gateway_url" {
  type        = string
  description = "Where the emulator's API Gateway answers, before an API's id."
  default     = "http://localhost:4566/_aws/execute-api"

  validation {
    condition     = can(regex("^https?://[^/]+(/[^/]+)*$", var.gateway_url))
    error_message = "The gateway's URL is like http://localhost:4566/_aws/execute-api, without a slash at its end."
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

variable "backup_retention_days" {
  type        = number
  description = "How long the database's backups are said to be kept. The local PostgreSQL has none."
  default     = 1

  validation {
    condition     = var.backup_retention_days >= 1 && var.backup_retention_days <= 35 && floor(var.backup_retention_days) == var.backup_retention_days
    error_message = "Aurora keeps backups for 1 to 35 days."
  }
}

variable "log_retention_days" {
  type        = number
  description = "How long logs are kept."
  default     = 30

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653], var.log_retention_days)
    error_message = "CloudWatch keeps logs for 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365 or 400 days, or some lengths of years."
  }
}

variable "site_url" {
  type        = string
  description = "Where a browser finds the site, without a path: people come back there from the local cloud's Google."
  default     = "http://localhost:8480"

  validation {
    condition     = can(regex("^http://localhost:[0-9]+$", var.site_url))
    error_message = "The site is at an address such as http://localhost:8480."
  }
}
