provider "aws" {
  region              = var.region
  allowed_account_ids = [var.account_id] # credentials of another account are refused before anything is done

  default_tags {
    tags = {
      project     = "cloudsail"
      environment = local.environment
    }
  }
}

# What stands before the CDN is made where CloudFront asks for it.
provider "aws" {
  alias               = "us_east_1"
  region              = "us-east-1"
  allowed_account_ids = [var.account_id]

  default_tags {
    tags = {
      project     = "cloudsail"
      environment = local.environment
    }
  }
}
