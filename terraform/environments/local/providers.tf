# Which cloud this is comes from AWS_ENDPOINT_URL, and who we are from the usual AWS variables: see .local/env.
provider "aws" {
  region            = var.region
  s3_use_path_style = true

  # The local cloud has no instance metadata at the address the provider would look, and its account is in its answer to STS.
  skip_metadata_api_check     = true
  skip_credentials_validation = true
  skip_region_validation      = true

  default_tags {
    tags = {
      project     = "cloudsail"
      environment = local.environment
    }
  }
}

# CloudFront is run from there.
provider "aws" {
  alias  = "us_east_1"
  region = "us-east-1"

  skip_metadata_api_check     = true
  skip_credentials_validation = true
  skip_region_validation      = true

  default_tags {
    tags = {
      project     = "cloudsail"
      environment = local.environment
    }
  }
}

# Mail is received there.
provider "aws" {
  alias             = "mail"
  region            = "us-east-1"
  s3_use_path_style = true

  skip_metadata_api_check     = true
  skip_credentials_validation = true
  skip_region_validation      = true

  default_tags {
    tags = {
      project     = "cloudsail"
      environment = local.environment
    }
  }
}
