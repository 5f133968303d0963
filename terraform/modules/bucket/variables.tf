variable "name" {
  type        = string
  description = "Name of the bucket. Names are shared by all of AWS, so it holds the account's number: cloudsail-local-media-000000000000."

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$", var.name))
    error_message = "The name is 3 to 63 lower-case letters, digits and dashes, and neither begins nor ends with a dash."
  }
}

variable "policies" {
  type        = list(string)
  description = "Policies in JSON that open the bucket to a service or a distribution. Each statement has a Sid of its own."
  default     = []
}

variable "expire_after_days" {
  type        = map(number)
  description = "After how many days objects are removed, by the prefix of their keys, such as { \"tmp/\" = 3 }. The empty prefix is all of them."
  default     = {}

  validation {
    condition     = alltrue([for days in values(var.expire_after_days) : days >= 1 && floor(days) == days])
    error_message = "Objects are removed after a whole number of days, 1 at least."
  }

  # tmp would also match tmp-2026/report.
  validation {
    condition     = alltrue([for prefix in keys(var.expire_after_days) : prefix == "" || can(regex("^[^/].*/$", prefix))])
    error_message = "A prefix ends with a slash and does not begin with one."
  }
}

variable "noncurrent_days" {
  type        = number
  description = "How many days an object is kept after it was deleted or written over."
  default     = 30

  validation {
    condition     = var.noncurrent_days >= 1 && floor(var.noncurrent_days) == var.noncurrent_days
    error_message = "Old versions are kept for a whole number of days, 1 at least."
  }
}

variable "deleters" {
  type        = list(string)
  description = "Who alone may delete objects: ARNs of roles, with a * where a part of the name is free. None leaves it to what roles' own policies say."
  default     = []

  validation {
    condition     = alltrue([for arn in var.deleters : can(regex("^arn:[a-z-]+:iam::[0-9]{12}:role/[^*]", arn))])
    error_message = "Who deletes is the ARN of a role of one account, of whose name the beginning is known."
  }
}

variable "kms_key_arn" {
  type        = string
  description = "KMS key that objects are encrypted with: for what only those may read who may also use the key. Null leaves it to S3's own keys, which cost nothing per call, and which a bucket of access logs must use: S3 delivers none into a bucket with a KMS key."
  default     = null

  validation {
    condition     = var.kms_key_arn == null || can(regex("^arn:[a-z-]+:kms:[a-z0-9-]+:[0-9]{12}:key/", var.kms_key_arn))
    error_message = "The key is the ARN of a KMS key; an alias would let another key take its place."
  }
}

variable "log_bucket" {
  type        = string
  description = "Bucket that S3 writes who asked for what into, under s3/ and this bucket's name. In the same region and account. Null for the bucket of logs itself: it would log its own writing for ever."
  default     = null
}

variable "upload_origins" {
  type        = list(string)
  description = "Sites whose pages may upload to signed addresses, such as https://cloudsail.example."
  default     = []

  validation {
    condition     = alltrue([for origin in var.upload_origins : can(regex("^https?://[^/*]+$", origin))])
    error_message = "An origin is a scheme and a host, without a path or a star."
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
