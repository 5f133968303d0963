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

variable "mfa" {
  type        = string
  description = "Whether people prove themselves by a second factor, an app's code: OFF, OPTIONAL (who has set up an app is asked for it) or ON. The API's own sign-in does not ask for a code yet: with a factor set up, people sign in on Cognito's page."
  default     = "OFF"

  validation {
    condition     = contains(["OFF", "OPTIONAL", "ON"], var.mfa)
    error_message = "A second factor is OFF, OPTIONAL or ON."
  }
}

# Length counts, not kinds of characters: what rules of that sort bring is Password1!
variable "password_policy" {
  type = object({
    minimum_length    = optional(number, 12)
    require_lowercase = optional(bool, false)
    require_numbers   = optional(bool, false)
    require_symbols   = optional(bool, false)
    require_uppercase = optional(bool, false)
  })
  description = "What a password must be like."
  default     = {}

  validation {
    condition     = var.password_policy.minimum_length >= 10 && var.password_policy.minimum_length <= 99
    error_message = "A password has 10 characters at least; Cognito can ask for 99 at most."
  }
}

variable "threat_protection" {
  type        = string
  description = "What Cognito does about passwords known from leaks and sign-ins that look stolen: OFF, AUDIT (writes them down) or ENFORCED (asks or blocks). Both cost for each user."
  default     = "OFF"

  validation {
    condition     = contains(["OFF", "AUDIT", "ENFORCED"], var.threat_protection)
    error_message = "Threat protection is OFF, AUDIT or ENFORCED."
  }
}

variable "email" {
  type        = object({ from = string, identity_arn = string, configuration_set = string })
  description = "How Cognito sends its mails through SES. Null leaves it to Cognito's own sender, for 50 mails a day."
  default     = null

  validation {
    condition     = var.email == null || can(regex("^(.+ <)?[^@ <>]+@[^@ <>]+\\.[^@ .<>]+>?$", var.email.from))
    error_message = "The sender is an address such as noreply@example.com, or Cloudsail <noreply@example.com>."
  }
}

variable "page" {
  type = object({
    domain          = string
    certificate_arn = optional(string)
    callback_urls   = list(string)
    logout_urls     = optional(list(string), [])
  })
  description = "Cognito's page to sign in on: the first part of its name below Cognito's own, or with a certificate of us-east-1 a whole name of ours; and where people may be sent from there. Null for no page."
  default     = null

  validation {
    condition = var.page == null || (try(var.page.certificate_arn, null) == null
      ? can(regex("^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$", var.page.domain)) && !can(regex("aws|amazon|cognito", var.page.domain))
    : can(regex("^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z]{2,63}$", var.page.domain)) && startswith(var.page.certificate_arn, "arn:"))
    error_message = "Without a certificate the domain is one part of a name, in which aws, amazon and cognito may not stand; with one it is a whole name."
  }

  validation {
    condition     = var.page == null || try(length(var.page.callback_urls) > 0, false)
    error_message = "People must be sent somewhere after they have signed in."
  }

  # A code that is sent in the clear is anybody's.
  validation {
    condition     = alltrue([for url in concat(try(var.page.callback_urls, []), try(var.page.logout_urls, [])) : can(regex("^(https://[^*#]+|http://localhost(:[0-9]+)?(/[^*#]*)?)$", url))])
    error_message = "People are sent to https:// addresses, or to http://localhost, each named in full."
  }
}

variable "google" {
  type        = object({ client_id = string, secret_arn = string })
  description = "The OAuth client that Google knows us by: its id, and the secret in Secrets Manager that holds its secret. Null for no sign-in by Google."
  default     = null

  validation {
    condition     = var.google == null || (can(regex("^[0-9a-z-]+\\.apps\\.googleusercontent\\.com$", var.google.client_id)) && can(regex("^arn:[a-z-]+:secretsmanager:", var.google.secret_arn)))
    error_message = "The client's id ends in .apps.googleusercontent.com, and its secret is named by the ARN of a secret in Secrets Manager, never written here."
  }

  validation {
    condition     = var.google == null || var.page != null
    error_message = "People sign in by Google on Cognito's page, so there must be one."
  }
}

variable "triggers" {
  type        = map(string)
  description = "ARN of the function that Cognito calls, by the moment: pre_sign_up, post_confirmation, pre_authentication, post_authentication, pre_token_generation, custom_message."
  default     = {}

  validation {
    condition     = length(setsubtract(keys(var.triggers), ["pre_sign_up", "post_confirmation", "pre_authentication", "post_authentication", "pre_token_generation", "custom_message"])) == 0
    error_message = "Cognito calls functions at pre_sign_up, post_confirmation, pre_authentication, post_authentication, pre_token_generation and custom_message."
  }

  validation {
    condition     = alltrue([for arn in values(var.triggers) : can(regex("^arn:[a-z-]+:lambda:[a-z0-9-]+:[0-9]{12}:function:[A-Za-z0-9_-]+(:[A-Za-z0-9_-]+)?$", arn))])
    error_message = "A trigger is the ARN of a Lambda function."
  }
}
