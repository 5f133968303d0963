# The provider's own policy documents are read here, so nothing of it is mocked. No call is made.

provider "aws" {
  region                      = "us-east-1"
  access_key                  = "none"
  secret_key                  = "none"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_region_validation      = true
  skip_requesting_account_id  = true
}

override_resource {
  target          = aws_cloudfront_distribution.main
  override_during = plan
  values = {
    arn         = "arn:aws:cloudfront::000000000000:distribution/E1"
    domain_name = "d1.cloudfront.net"

    hosted_zone_id = "Z2FDTNDATAQYW2"
  }
}

override_resource {
  target          = aws_cloudfront_origin_access_control.main
  override_during = plan
  values          = { id = "OAC1" }
}

variables {
  name = "cloudsail-test"
  origins = {
    web   = { arn = "arn:aws:s3:::web", domain_name = "web.s3.ca-central-1.amazonaws.com" }
    media = { arn = "arn:aws:s3:::media", domain_name = "media.s3.ca-central-1.amazonaws.com" }
  }
}

run "the_site" {
  command = plan

  assert {
    condition     = { for origin in aws_cloudfront_distribution.main.origin : origin.origin_id => [origin.domain_name, origin.origin_access_control_id] } == { web = ["web.s3.ca-central-1.amazonaws.com", "OAC1"], media = ["media.s3.ca-central-1.amazonaws.com", "OAC1"] }
    error_message = "Both buckets are read with the distribution's own signature."
  }

  assert {
    condition     = [aws_cloudfront_origin_access_control.main.signing_behavior, aws_cloudfront_origin_access_control.main.signing_protocol] == ["always", "sigv4"]
    error_message = "Each request to a bucket is signed, whatever the viewer sent."
  }

  assert {
    condition     = [aws_cloudfront_distribution.main.http_version, aws_cloudfront_distribution.main.is_ipv6_enabled, aws_cloudfront_distribution.main.price_class] == ["http2and3", true, "PriceClass_100"]
    error_message = "HTTP/2 and 3, IPv6, and the cheapest price class."
  }

  assert {
    condition     = one(aws_cloudfront_distribution.main.default_cache_behavior).target_origin_id == "web" && one(one(aws_cloudfront_distribution.main.default_cache_behavior).function_association).event_type == "viewer-request"
    error_message = "What no other path takes is a page of the app."
  }

  assert {
    condition     = length(aws_cloudfront_distribution.main.custom_error_response) == 0
    error_message = "Error pages are the whole distribution's, so that a missing picture would be answered by the app's page."
  }

  assert {
    condition     = [for behavior in aws_cloudfront_distribution.main.ordered_cache_behavior : [behavior.path_pattern, behavior.target_origin_id]] == [["media/*", "media"]]
    error_message = "Without a key users/ is not served."
  }

  assert {
    condition     = [for behavior in aws_cloudfront_distribution.main.ordered_cache_behavior : [for association in behavior.function_association : association.event_type]] == [["viewer-response"]]
    error_message = "Browsers are told how long to keep an upload that was found."
  }

  assert {
    condition = alltrue([for behavior in concat(aws_cloudfront_distribution.main.default_cache_behavior, aws_cloudfront_distribution.main.ordered_cache_behavior) :
      behavior.viewer_protocol_policy == "redirect-to-https" && behavior.compress && behavior.allowed_methods == toset(["GET", "HEAD"])
    ])
    error_message = "Everything is over HTTPS, compressed, and read only."
  }

  assert {
    condition     = { for name, policy in aws_cloudfront_cache_policy.main : name => policy.default_ttl } == { web = 300, files = 31536000 }
    error_message = "A release is seen after five minutes; uploads stay for a year."
  }

  assert {
    condition     = one(aws_cloudfront_distribution.main.viewer_certificate).cloudfront_default_certificate && length(coalesce(aws_cloudfront_distribution.main.aliases, [])) == 0 && length(output.records) == 0
    error_message = "Without own names the certificate is CloudFront's, and there are no records."
  }

  assert {
    condition     = output.url == "https://d1.cloudfront.net" && output.signing_key == null && length(aws_cloudfront_key_group.main) == 0 && length(aws_cloudwatch_log_delivery.main) == 0
    error_message = "No key signs, and nothing is logged, unless told."
  }
}

run "who_reads_the_buckets" {
  command = plan

  assert {
    condition = ({ for origin, document in data.aws_iam_policy_document.read : origin => [for statement in document.statement : [statement.actions, statement.resources]] }
      == {
        web   = [[toset(["s3:GetObject"]), toset(["arn:aws:s3:::web/*"])]]
        media = [[toset(["s3:GetObject"]), toset(["arn:aws:s3:::media/media/*"])]]
    })
    error_message = "The app is read whole, of the uploads what is public alone, and nothing is listed."
  }

  assert {
    condition = alltrue([for document in data.aws_iam_policy_document.read :
      one(one(document.statement).principals).identifiers == toset(["cloudfront.amazonaws.com"])
      && one(one(document.statement).condition) == { test = "StringEquals", variable = "aws:SourceArn", values = tolist(["arn:aws:cloudfront::000000000000:distribution/E1"]) }
    ])
    error_message = "It is this distribution that reads, and no other of CloudFront's."
  }
}

run "the_api_at_the_sites_own_origin" {
  command = plan

  variables {
    api = { domain_name = "api1.execute-api.ca-central-1.amazonaws.com" }
  }

  assert {
    condition     = [for behavior in aws_cloudfront_distribution.main.ordered_cache_behavior : [behavior.path_pattern, behavior.target_origin_id]] == [["media/*", "media"], ["docs*", "api"], ["v1/*", "api"]]
    error_message = "The API and its documentation are answered beside the page."
  }

  assert {
    condition = alltrue([for behavior in aws_cloudfront_distribution.main.ordered_cache_behavior :
      behavior.viewer_protocol_policy == "https-only" && contains(behavior.allowed_methods, "POST")
      && behavior.cache_policy_id == "4135ea2d-6df8-44a3-9df3-4b5a84be39ad" && behavior.origin_request_policy_id == "b689b0a8-53d0-40ab-baf2-68738e2966ac"
      if behavior.target_origin_id == "api"
    ])
    error_message = "Calls go on as they came, tokens too, over HTTPS alone, and no answer is kept for another person."
  }

  assert {
    condition     = one([for origin in aws_cloudfront_distribution.main.origin : one(origin.custom_origin_config).origin_protocol_policy if origin.origin_id == "api"]) == "https-only"
    error_message = "CloudFront talks to the API over HTTPS alone."
  }
}

run "what_browsers_are_told" {
  command = plan

  variables {
    connect_sources = ["https://media.s3.ca-central-1.amazonaws.com"]
  }

  assert {
    condition     = one(one(aws_cloudfront_response_headers_policy.main["web"].security_headers_config).content_security_policy).content_security_policy == "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; manifest-src 'self'; connect-src 'self' https://media.s3.ca-central-1.amazonaws.com; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    error_message = "The page loads nothing from elsewhere and talks to its own origin and to what is named."
  }

  assert {
    condition     = one(one(aws_cloudfront_response_headers_policy.main["files"].security_headers_config).content_security_policy).content_security_policy == "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox"
    error_message = "An upload that is opened as a page runs nothing."
  }

  assert {
    condition = alltrue([for policy in aws_cloudfront_response_headers_policy.main :
      one(one(policy.security_headers_config).content_type_options).override
      && one(one(policy.security_headers_config).frame_options).frame_option == "DENY"
      && one(one(policy.security_headers_config).referrer_policy).referrer_policy == "strict-origin-when-cross-origin"
      && one(one(policy.security_headers_config).strict_transport_security).access_control_max_age_sec == 63072000
    ])
    error_message = "Each answer has HSTS for two years, nosniff, no frames, and a referrer of the origin at most."
  }
}

run "users_files_by_signed_address" {
  command = plan

  variables {
    public_keys = { "2026-02-01" = "-----BEGIN PUBLIC KEY-----\nB\n-----END PUBLIC KEY-----", "2026-01-01" = "-----BEGIN PUBLIC KEY-----\nA\n-----END PUBLIC KEY-----\n\n" }
  }

  override_resource {
    target          = aws_cloudfront_public_key.main["2026-01-01"]
    override_during = plan
    values          = { id = "K1" }
  }

  override_resource {
    target          = aws_cloudfront_public_key.main["2026-02-01"]
    override_during = plan
    values          = { id = "K2" }
  }

  override_resource {
    target          = aws_cloudfront_key_group.main["users"]
    override_during = plan
    values          = { id = "G1" }
  }

  assert {
    condition     = { for behavior in aws_cloudfront_distribution.main.ordered_cache_behavior : behavior.path_pattern => join(" ", coalesce(behavior.trusted_key_groups, [])) } == { "media/*" = "", "users/*" = "G1" }
    error_message = "users/ asks for a signature of the group's keys, media/ for none."
  }

  assert {
    condition     = aws_cloudfront_key_group.main["users"].items == toset(["K1", "K2"]) && output.signing_key == { name = "2026-02-01", id = "K2" }
    error_message = "Old and new key are both believed, and the newest signs."
  }

  assert {
    condition     = aws_cloudfront_public_key.main["2026-01-01"].encoded_key == "-----BEGIN PUBLIC KEY-----\nA\n-----END PUBLIC KEY-----\n" && aws_cloudfront_public_key.main["2026-02-01"].encoded_key == "-----BEGIN PUBLIC KEY-----\nB\n-----END PUBLIC KEY-----\n"
    error_message = "A key ends with one new line, as CloudFront gives it back."
  }

  assert {
    condition     = one(data.aws_iam_policy_document.read["media"].statement).resources == toset(["arn:aws:s3:::media/media/*", "arn:aws:s3:::media/users/*"])
    error_message = "The distribution reads users/ where it checks signatures."
  }
}

run "own_name_and_log" {
  command = plan

  variables {
    aliases         = ["app.cloudsail.example"]
    certificate_arn = "arn:aws:acm:us-east-1:000000000000:certificate/1"
    web_acl_arn     = "arn:aws:wafv2:us-east-1:000000000000:global/webacl/cloudsail/1"
    log_bucket_arn  = "arn:aws:s3:::logs"
    price_class     = "PriceClass_All"
  }

  assert {
    condition     = [one(aws_cloudfront_distribution.main.viewer_certificate).acm_certificate_arn, one(aws_cloudfront_distribution.main.viewer_certificate).minimum_protocol_version, one(aws_cloudfront_distribution.main.viewer_certificate).ssl_support_method] == [var.certificate_arn, "TLSv1.2_2021", "sni-only"]
    error_message = "With an own name, nothing older than TLS 1.2 is spoken."
  }

  assert {
    condition     = !one(aws_cloudfront_distribution.main.viewer_certificate).cloudfront_default_certificate && length(output.records) == 0
    error_message = "The certificate is the one that was named; records in a zone that is not ours are made by hand."
  }

  assert {
    condition     = output.url == "https://app.cloudsail.example" && aws_cloudfront_distribution.main.aliases == toset(["app.cloudsail.example"]) && aws_cloudfront_distribution.main.web_acl_id == var.web_acl_arn
    error_message = "It answers to its own name, behind the web ACL."
  }

  assert {
    condition     = aws_cloudwatch_log_delivery_destination.main["log"].delivery_destination_configuration[0].destination_resource_arn == "arn:aws:s3:::logs/cdn" && aws_cloudwatch_log_delivery_source.main["log"].resource_arn == "arn:aws:cloudfront::000000000000:distribution/E1"
    error_message = "Requests are logged into the bucket of logs."
  }

  assert {
    condition     = length(aws_cloudwatch_log_delivery.main["log"].record_fields) > 0 && !contains(aws_cloudwatch_log_delivery.main["log"].record_fields, "cs(Cookie)")
    error_message = "No cookie is logged."
  }
}

run "own_names_in_our_zone" {
  command = plan

  variables {
    aliases         = ["cloudsail.example", "app.cloudsail.example"]
    certificate_arn = "arn:aws:acm:us-east-1:000000000000:certificate/1"
    zone            = { id = "Z0EXAMPLE" }
  }

  assert {
    condition     = output.records == tolist(["A app.cloudsail.example", "A cloudsail.example", "AAAA app.cloudsail.example", "AAAA cloudsail.example"])
    error_message = "Each name has a record for IPv4 and one for IPv6, as the distribution answers both."
  }

  assert {
    condition = alltrue([for record in aws_route53_record.main :
      record.zone_id == "Z0EXAMPLE" && [for alias in record.alias : [alias.name, alias.zone_id]] == [["d1.cloudfront.net", "Z2FDTNDATAQYW2"]]
    ])
    error_message = "They point at the distribution, in the zone of its own name."
  }
}
