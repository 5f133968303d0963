locals {
  # The page loads nothing from elsewhere, and talks to itself and to the API alone.
  page_policy = join("; ", [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "manifest-src 'self'",
    "connect-src ${join(" ", concat(["'self'"], var.connect_sources))}",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ])

  # What people upload has the page's own origin. Were it opened as a document, it would run nothing and reach nothing.
  upload_policy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox"

  content_security_policies = { web = local.page_policy, files = local.upload_policy }
}

resource "aws_cloudfront_response_headers_policy" "main" {
  for_each = local.content_security_policies

  name    = "${var.name}-${each.key}"
  comment = "What browsers are told of ${each.key}"

  security_headers_config {
    content_security_policy {
      content_security_policy = each.value
      override                = true
    }
    content_type_options {
      override = true
    }
    frame_options {
      frame_option = "DENY"
      override     = true
    }
    referrer_policy {
      referrer_policy = "strict-origin-when-cross-origin"
      override        = true
    }
    strict_transport_security {
      access_control_max_age_sec = 63072000 # two years
      include_subdomains         = true
      override                   = true
    }
  }
}
