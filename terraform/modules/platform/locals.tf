locals {
  name = "cloudsail-${var.environment}"

  # Every variable that a function may ask for; it gets those that its function.yaml names.
  values = merge(local.mail_values, {
    CACHE_ARN                 = module.cache.arn
    CDN_KEY_NAME              = try(module.cdn.signing_key.name, "")
    CDN_KEY_PAIR_ID           = try(module.cdn.signing_key.id, "")
    CDN_SECRET_ARN            = aws_secretsmanager_secret.cdn.arn
    CDN_URL                   = module.cdn.url
    CONTROL_ACCOUNT_ID        = data.aws_caller_identity.current.account_id
    CUSTOMER_CALLS_BURST      = tostring(var.customer_calls.burst)
    CUSTOMER_CALLS_PER_SECOND = tostring(var.customer_calls.per_second)
    DATABASE_ADMIN_SECRET_ARN = module.database.secret_arns["admin"]
    DATABASE_ADMIN_URL        = module.database.admin_url
    DATABASE_APP_SECRET_ARN   = module.database.secret_arns["app"]
    DATABASE_CA               = var.database_ca_pem
    DATABASE_URL              = module.database.url
    DEPLOY_DEADLINE_S         = tostring(var.deploy_deadline_s)
    JOBS_QUEUE_URL            = module.jobs.url
    MEDIA_BUCKET              = local.bucket_names.media
    RATE_BURST                = tostring(var.user_rate.burst)
    RATE_PER_SECOND           = tostring(var.user_rate.per_second)
    RECONCILE_GRACE_S         = tostring(var.reconcile_grace_s)
    REDIS_URL                 = module.cache.url
    REFRESH_TOKEN_DAYS        = tostring(module.identity.refresh_token_days)
    SIGN_IN_PAGE_URL          = local.sign_in_address == null ? "" : local.sign_in_address # the function runs where there is no page, too
    TMP_DAYS                  = tostring(local.tmp_days)
    UNDO_WINDOW_S             = tostring(var.undo_window_s)
    WEBSOCKET_POST_URL        = module.websocket.post_url
    WEBSOCKET_URL             = module.websocket.url
    USER_POOL_CLIENT_ID       = module.identity.client_id
  })
}
