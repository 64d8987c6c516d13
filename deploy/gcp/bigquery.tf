# Google's bill in its table of BigQuery: the audit log tells that it was written, the function extracts the months
# that moved to a bucket and lands them. Nothing of it is made while billing_table is empty.

variable "billing_table" {
  type        = string
  default     = ""
  description = "Google's own billing export, as project.dataset.table, which is there already."

  validation {
    condition     = var.billing_table == "" || can(regex("^.+\\.\\w+\\.[\\w-]+$", var.billing_table))
    error_message = "Write it as project.dataset.table."
  }
}

variable "billing_location" {
  type        = string
  default     = "EU"
  description = "The location of the table's dataset: BigQuery extracts to buckets of the same location alone."
}

locals {
  billing_tables = { for name in compact([var.billing_table]) : "bill" => regex("^(?P<project>.+)\\.(?P<dataset>\\w+)\\.(?P<table>[\\w-]+)$", name) }
  # as the log names it, where a partition is told of with its name too
  table_paths   = { for key, bill in local.billing_tables : key => "^projects/${bill.project}/datasets/${bill.dataset}/tables/${bill.table}([$]|$)" }
  table_sources = [for bill in local.billing_tables : { provider = "gcp", source = "bigquery://${bill.project}/${bill.dataset}/${bill.table}" }]
}

# what the function may: run queries where the table is, read that one table, and keep extracts for a while
resource "google_project_iam_member" "runs_queries" {
  for_each = local.billing_tables
  project  = each.value.project
  role     = "roles/bigquery.jobUser"
  member   = "serviceAccount:${google_service_account.land.email}"
}

resource "google_bigquery_table_iam_member" "reads_the_table" {
  for_each   = local.billing_tables
  project    = each.value.project
  dataset_id = each.value.dataset
  table_id   = each.value.table
  role       = "roles/bigquery.dataViewer"
  member     = "serviceAccount:${google_service_account.land.email}"
}

resource "google_storage_bucket" "extracts" {
  for_each                    = local.billing_tables
  name                        = "${var.project}-cloudtally-extracts"
  location                    = var.billing_location
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"
  force_destroy               = true

  # a landing removes its extracts; what a killed one leaves is gone after a day, and neither is kept further
  lifecycle_rule {
    condition {
      age = 1
    }
    action {
      type = "Delete"
    }
  }

  soft_delete_policy {
    retention_duration_seconds = 0
  }
}

resource "google_storage_bucket_iam_member" "writes_extracts" {
  for_each = local.billing_tables
  bucket   = google_storage_bucket.extracts[each.key].name
  role     = "roles/storage.objectUser"
  member   = "serviceAccount:${google_service_account.land.email}"
}

# the log is of the table's project: of a job when it ran there too, of the table's change whoever wrote it. The
# function's own queries write to other tables, so that no landing starts another. In this language OR binds more
# than AND, hence all the parentheses
resource "google_logging_project_sink" "table_written" {
  for_each               = local.billing_tables
  name                   = "cloudtally-table-written"
  project                = each.value.project
  destination            = "pubsub.googleapis.com/${google_pubsub_topic.arrivals.id}"
  unique_writer_identity = true

  filter = <<-EOT
    protoPayload.serviceName="bigquery.googleapis.com" AND (
      (
        protoPayload.metadata.jobChange.after="DONE" AND (
          protoPayload.metadata.jobChange.job.jobConfig.loadConfig.destinationTable=~"${local.table_paths[each.key]}" OR
          protoPayload.metadata.jobChange.job.jobConfig.queryConfig.destinationTable=~"${local.table_paths[each.key]}" OR
          protoPayload.metadata.jobChange.job.jobConfig.tableCopyConfig.destinationTable=~"${local.table_paths[each.key]}"
        )
      ) OR (
        protoPayload.metadata.tableDataChange.reason:* AND
        protoPayload.resourceName=~"${local.table_paths[each.key]}"
      )
    )
  EOT
}

resource "google_pubsub_topic_iam_member" "log_tells" {
  for_each = local.billing_tables
  topic    = google_pubsub_topic.arrivals.id
  role     = "roles/pubsub.publisher"
  member   = google_logging_project_sink.table_written[each.key].writer_identity
}
