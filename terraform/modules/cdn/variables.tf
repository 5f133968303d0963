variable "name" {
  type        = string
  description = "Name of the environment's things, such as cloudsail-dev; part of all names."

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,40}$", var.name))
    error_message = "The name is 2 to 41 lower-case letters, digits and dashes."
  }
}

variable "origins" {
  type = object({
    web   = object({ arn = string, domain_name = string })
    media = object({ arn = string, domain_name = string })
  })
  description = "Buckets: the web app, and what people upload."
}

variable "api" {
  type        = object({ domain_name = string })
  description = "Host that answers /v1 and /docs, over HTTPS. Null where the site is served without the API."
  default     = null

  validation {
    condition     = var.api == null || can(regex("^[a-z0-9-]+(\\.[a-z0-9-]+)+$", var.api.domain_name))
    error_message = "The API's host is named without scheme, port and path."
  }
}

variable "public_keys" {
  type        = map(string)
  description = "Public keys in PEM that addresses under users/ are checked with, by name. Names sort by age, such as 2026-11-21: the last one signs. scripts/cdn-key makes them. Without any, users/ is not served."
  default     = {}

  validation {
    condition     = alltrue([for name in keys(var.public_keys) : can(regex("^[a-z0-9-]{1,40}$", name))])
    error_message = "A key's name is up to 40 lower-case letters, digits and dashes."
  }

  validation {
    condition     = alltrue([for key in values(var.public_keys) : startswith(trimspace(key), "-----BEGIN PUBLIC KEY-----")])
    error_message = "A key is a public key in PEM. A private key has no place here."
  }

  validation {
    condition     = length(var.public_keys) <= 5
    error_message = "CloudFront takes five keys in a group at most."
  }
}

variable "aliases" {
  type        = list(string)
  description = "Own names of the site, such as app.cloudsail.example; the first is the one that people are shown."
  default     = []

  validation {
    condition     = alltrue([for alias in var.aliases : can(regex("^([a-z0-9-]+\\.)+[a-z]{2,}$", alias))])
    error_message = "An alias is a host name in lower-case letters, without scheme and path."
  }

  validation {
    condition     = (length(var.aliases) == 0) == (var.certificate_arn == null)
    error_message = "Own names and the certificate for them come together."
  }
}

variable "certificate_arn" {
  type        = string
  description = "ACM certificate of the own names, in us-east-1, where alone CloudFront looks. Null without own names."
  default     = null

  validation {
    condition     = var.certificate_arn == null || can(regex("^arn:[a-z-]+:acm:us-east-1:[0-9]{12}:certificate/", var.certificate_arn))
    error_message = "The certificate is the ARN of an ACM certificate in us-east-1."
  }
}

variable "zone" {
  type        = object({ id = string })
  description = "The hosted zone, by its id, that the own names' alias records are put into. Null where they are put elsewhere by hand."
  default     = null

  validation {
    condition     = var.zone == null || length(var.aliases) > 0
    error_message = "A hosted zone is of use with own names only."
  }
}

variable "web_acl_arn" {
  type        = string
  description = "WAF web ACL that requests pass first, of scope CLOUDFRONT. Null for none."
  default     = null

  validation {
    condition     = var.web_acl_arn == null || can(regex("^arn:[a-z-]+:wafv2:us-east-1:[0-9]{12}:global/webacl/", var.web_acl_arn))
    error_message = "The web ACL is the ARN of one of scope CLOUDFRONT, which stands in us-east-1."
  }
}

variable "price_class" {
  type        = string
  description = "From where the site is served: PriceClass_100 is North America and Europe, 200 adds most of Asia and Africa, All is everywhere."
  default     = "PriceClass_100"

  validation {
    condition     = contains(["PriceClass_100", "PriceClass_200", "PriceClass_All"], var.price_class)
    error_message = "The price class is PriceClass_100, PriceClass_200 or PriceClass_All."
  }
}

variable "connect_sources" {
  type        = list(string)
  description = "Origins that the page may talk to beside its own, such as that of the bucket of uploads."
  default     = []

  validation {
    condition     = alltrue([for source in var.connect_sources : can(regex("^(https?|wss?)://[^/;' ]+$", source))])
    error_message = "A source is a scheme and a host, without a path."
  }
}

variable "log_bucket_arn" {
  type        = string
  description = "Bucket that requests are logged into, under cdn/; its policy lets delivery.logs.amazonaws.com write there. Null for no log."
  default     = null

  validation {
    condition     = var.log_bucket_arn == null || can(regex("^arn:[a-z-]+:s3:::[a-z0-9-]+$", var.log_bucket_arn))
    error_message = "The bucket of logs is named by its ARN."
  }
}
