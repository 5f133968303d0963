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

# CloudFront is run from there.
provider "aws" {
  alias               = "us_east_1"
  region              = "us-east-1"
  allowed_account_ids = [var.account_id] # credentials of another account are refused before anything is done

  default_tags {
    tags = {
      project     = "cloudsail"
      environment = local.environment
    }
  }
}

# Mail is received there.
provider "aws" {
  alias               = "mail"
  region              = var.mail_region
  allowed_account_ids = [var.account_id] # credentials of another account are refused before anything is done

  default_tags {
    tags = {
      project     = "cloudsail"
      environment = local.environment
    }
  }
}
