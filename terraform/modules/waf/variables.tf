variable "name" {
  type        = string
  description = "Name of the web ACL, such as cloudsail-prod."

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{1,100}$", var.name))
    error_message = "The name is up to 100 letters, digits, dashes and underscores."
  }
}

variable "scope" {
  type        = string
  description = "CLOUDFRONT for the CDN, with a provider of us-east-1; REGIONAL for what else takes a web ACL, which our APIs do not."
  default     = "CLOUDFRONT"

  validation {
    condition     = contains(["CLOUDFRONT", "REGIONAL"], var.scope)
    error_message = "The scope is CLOUDFRONT or REGIONAL."
  }
}

variable "requests_per_5_minutes" {
  type        = number
  description = "How many requests one address may send in five minutes before it is shut out."
  default     = 2000

  validation {
    condition     = var.requests_per_5_minutes >= 10 && var.requests_per_5_minutes <= 2000000000 && floor(var.requests_per_5_minutes) == var.requests_per_5_minutes
    error_message = "WAF takes limits from 10 to 2000000000."
  }
}

variable "counted" {
  type        = set(string)
  description = "Groups of rules that only count what they would block: reputation, common, inputs."
  default     = []

  validation {
    condition     = length(setsubtract(var.counted, ["reputation", "common", "inputs"])) == 0
    error_message = "The groups are reputation, common and inputs."
  }
}
