resource "aws_db_subnet_group" "main" {
  name        = var.name
  description = "Private subnets of ${var.name}"
  subnet_ids  = var.subnet_ids
}

resource "aws_rds_cluster_parameter_group" "main" {
  name        = var.name
  family      = "aurora-postgresql${split(".", var.engine_version)[0]}"
  description = "TLS only; slow statements are logged"

  parameter {
    name  = "rds.force_ssl"
    value = "1"
  }

  # Neither a slow statement's parameters nor the row that an error quotes: plans, addresses and external ids are among them.
  parameter {
    name  = "log_parameter_max_length"
    value = "0"
  }

  parameter {
    name  = "log_error_verbosity"
    value = "terse"
  }

  parameter {
    name  = "log_min_duration_statement"
    value = "1000"
  }
}

# A key of its own, so that snapshots can be shared or shut by its policy, and its use is in the trail.
resource "aws_kms_key" "main" {
  description             = "Data, backups and insights of the database ${var.name}"
  enable_key_rotation     = true
  deletion_window_in_days = var.protect ? 30 : 7 # the least there is
}

resource "aws_rds_cluster" "main" {
  cluster_identifier = var.name
  engine             = "aurora-postgresql"
  engine_mode        = "provisioned"
  engine_version     = var.engine_version
  port               = var.ports.cluster
  database_name      = local.database

  # RDS makes this password, keeps it in a secret of its own, and changes it every seven days.
  master_username             = local.roles.admin
  manage_master_user_password = true

  iam_database_authentication_enabled = true

  db_subnet_group_name            = aws_db_subnet_group.main.name
  vpc_security_group_ids          = [var.security_group_ids.cluster]
  db_cluster_parameter_group_name = aws_rds_cluster_parameter_group.main.name

  storage_encrypted               = true
  kms_key_id                      = aws_kms_key.main.arn
  copy_tags_to_snapshot           = true
  backup_retention_period         = var.backup_retention_days
  deletion_protection             = var.protect
  skip_final_snapshot             = !var.protect
  final_snapshot_identifier       = var.protect ? "${var.name}-final" : null
  enabled_cloudwatch_logs_exports = ["postgresql"]

  serverlessv2_scaling_configuration {
    min_capacity = var.capacity.minimum
    max_capacity = var.capacity.maximum
  }
}

# AWS spreads them over the zones of the subnets; should the writer fail, another takes its place.
resource "aws_rds_cluster_instance" "main" {
  for_each = toset([for index in range(var.instances) : tostring(index + 1)])

  identifier         = "${var.name}-${each.key}"
  cluster_identifier = aws_rds_cluster.main.id
  engine             = aws_rds_cluster.main.engine
  engine_version     = aws_rds_cluster.main.engine_version
  instance_class     = "db.serverless"

  performance_insights_enabled          = var.performance_insights
  performance_insights_kms_key_id       = var.performance_insights ? aws_kms_key.main.arn : null
  performance_insights_retention_period = var.performance_insights ? 7 : null # days that cost nothing
}
