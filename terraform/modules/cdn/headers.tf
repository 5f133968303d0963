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

  headers = {
    web   = { content_security_policy = local.page_policy, cache_control = null } # each file was put with its own
    media = { content_security_policy = local.upload_policy, cache_control = "public, max-age=31536000, immutable" }
    users = { content_security_policy = local.upload_policy, cache_control = "private, max-age=3600" } # one person's, so never in a shared cache
  }
}

resource "aws_cloudfront_response_headers_policy" "main" {
  for_each = local.headers

  name    = "${var.name}-${each.key}"
  comment = "What browsers are told of ${each.key}"

  security_headers_config {
    content_security_policy {
      content_security_policy = each.value.content_security_policy
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

  dynamic "custom_headers_config" {
    for_each = each.value.cache_control == null ? [] : [each.value.cache_control]

    content {
      items {
        header   = "Cache-Control"
        value    = custom_headers_config.value
        override = false
      }
    }
  }
}
