locals {
  # What is served under each path, from which bucket, and to whom. The web app answers all other paths.
  behaviors = merge(
    {
      media = { path = "media/*", origin = "media", key_groups = [] }
    },
    # Without a key nobody could sign for these, and they are not served at all.
    { for group in aws_cloudfront_key_group.main : "users" => { path = "users/*", origin = "media", key_groups = [group.id] } },
  )

  # The API, at the page's own origin: a browser then asks for no leave first, and a cookie that only the API sees can be of this
  # site. Nothing of it is kept at the edge, and what the viewer sent goes on but for the host, by which API Gateway knows the API.
  api_paths = var.api == null ? [] : ["docs*", "v1/*"]

  # Not asked of the certificate, which is not there yet when the first plan is made.
  own_name = length(var.aliases) > 0

  # CloudFront's own, which have the same ids in every account.
  managed_policies = {
    caching_disabled              = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
    all_viewer_except_host_header = "b689b0a8-53d0-40ab-baf2-68738e2966ac"
  }

  # In the order in which CloudFront tries them.
  ordered = [for name in sort(keys(local.behaviors)) : local.behaviors[name]]
}

resource "aws_cloudfront_distribution" "main" {
  comment             = var.name
  enabled             = true
  is_ipv6_enabled     = true
  http_version        = "http2and3"
  price_class         = var.price_class
  aliases             = var.aliases
  default_root_object = "index.html"
  web_acl_id          = var.web_acl_arn
  wait_for_deployment = false # the edges follow within minutes, and nothing that is made here asks them anything

  dynamic "origin" {
    for_each = var.origins

    content {
      origin_id                = origin.key
      domain_name              = origin.value.domain_name
      origin_access_control_id = aws_cloudfront_origin_access_control.main.id
    }
  }

  dynamic "origin" {
    for_each = var.api[*]

    content {
      origin_id   = "api"
      domain_name = origin.value.domain_name

      custom_origin_config {
        http_port              = 80
        https_port             = 443
        origin_protocol_policy = "https-only"
        origin_ssl_protocols   = ["TLSv1.2"]
      }
    }
  }

  default_cache_behavior {
    target_origin_id           = "web"
    viewer_protocol_policy     = "redirect-to-https"
    allowed_methods            = ["GET", "HEAD"]
    cached_methods             = ["GET", "HEAD"]
    compress                   = true
    cache_policy_id            = aws_cloudfront_cache_policy.main["web"].id
    response_headers_policy_id = aws_cloudfront_response_headers_policy.main["web"].id

    # Error pages would be the whole distribution's: a picture that is missing would be answered by the app's page.
    function_association {
      event_type   = "viewer-request"
      function_arn = aws_cloudfront_function.main["page"].arn
    }
  }

  dynamic "ordered_cache_behavior" {
    for_each = local.ordered

    content {
      path_pattern               = ordered_cache_behavior.value.path
      target_origin_id           = ordered_cache_behavior.value.origin
      viewer_protocol_policy     = "redirect-to-https"
      allowed_methods            = ["GET", "HEAD"]
      cached_methods             = ["GET", "HEAD"]
      compress                   = true
      cache_policy_id            = aws_cloudfront_cache_policy.main["files"].id
      response_headers_policy_id = aws_cloudfront_response_headers_policy.main["files"].id
      trusted_key_groups         = ordered_cache_behavior.value.key_groups

      function_association {
        event_type   = "viewer-response"
        function_arn = aws_cloudfront_function.main["keep"].arn
      }
    }
  }

  dynamic "ordered_cache_behavior" {
    for_each = local.api_paths

    content {
      path_pattern             = ordered_cache_behavior.value
      target_origin_id         = "api"
      viewer_protocol_policy   = "https-only" # a redirect would come after a token was sent in the clear
      allowed_methods          = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"]
      cached_methods           = ["GET", "HEAD"]
      compress                 = true
      cache_policy_id          = local.managed_policies.caching_disabled
      origin_request_policy_id = local.managed_policies.all_viewer_except_host_header
    }
  }

  restrictions {
    geo_restriction {
      restriction_type = "none" # customers are where they are
    }
  }

  # With CloudFront's own name comes its own certificate, and the oldest TLS then is AWS's choice, not ours.
  viewer_certificate {
    cloudfront_default_certificate = !local.own_name
    acm_certificate_arn            = var.certificate_arn
    ssl_support_method             = local.own_name ? "sni-only" : null
    minimum_protocol_version       = local.own_name ? "TLSv1.2_2021" : "TLSv1"
  }
}

# Buckets answer to nobody but this distribution, which signs its requests.
resource "aws_cloudfront_origin_access_control" "main" {
  name                              = var.name
  description                       = "Reads the buckets of ${var.name}"
  origin_access_control_origin_type = "s3"
  signing_behavior                  = "always"
  signing_protocol                  = "sigv4"
}

resource "aws_cloudfront_function" "main" {
  for_each = {
    page = "Answers the paths of the app's pages with its one page"
    keep = "Says how long a browser may keep an upload"
  }

  name    = "${var.name}-${each.key}"
  comment = each.value
  runtime = "cloudfront-js-2.0"
  code    = file("${path.module}/${each.key}.js")
  publish = true
}

locals {
  # Seconds that an object stays at the edge where the object itself says nothing.
  kept_s = {
    web   = 300      # index.html changes with each release; what it loads has its hash in the name and says so itself
    files = 31536000 # a year, the most there is: what is uploaded is never written over
  }
}

resource "aws_cloudfront_cache_policy" "main" {
  for_each = local.kept_s

  name        = "${var.name}-${each.key}"
  comment     = "Path alone; gzip and Brotli"
  min_ttl     = 0
  default_ttl = each.value
  max_ttl     = 31536000

  parameters_in_cache_key_and_forwarded_to_origin {
    enable_accept_encoding_brotli = true
    enable_accept_encoding_gzip   = true

    cookies_config {
      cookie_behavior = "none"
    }
    headers_config {
      header_behavior = "none"
    }
    query_strings_config {
      query_string_behavior = "none"
    }
  }
}
