# Bills as files in a bucket: what writes them there puts an empty _SUCCESS last. Nothing of it is made while
# bills_bucket is empty.

variable "bills_bucket" {
  type        = string
  default     = ""
  description = "A bucket that files of the billing export are written to, which is there already."
}

variable "bills_prefix" {
  type        = string
  default     = "exports"
  description = "Their path in it, without slashes at its ends."
}

variable "dataset" {
  type        = string
  default     = "gcp_detailed"
  description = "What the files hold: gcp_detailed, gcp_standard or focus."
}

data "google_storage_project_service_account" "storage" {}

locals {
  bills_buckets  = toset(compact([var.bills_bucket]))
  bucket_sources = [for bucket in local.bills_buckets : { provider = "gcp", source = "gs://${bucket}/${var.bills_prefix}", dataset = var.dataset }]
}

resource "google_pubsub_topic_iam_member" "storage_notifies" {
  for_each = local.bills_buckets
  topic    = google_pubsub_topic.arrivals.id
  role     = "roles/pubsub.publisher"
  member   = "serviceAccount:${data.google_storage_project_service_account.storage.email_address}"
}

resource "google_storage_notification" "finalized" {
  for_each           = local.bills_buckets
  bucket             = each.value
  object_name_prefix = "${var.bills_prefix}/"
  payload_format     = "JSON_API_V1"
  topic              = google_pubsub_topic.arrivals.id
  event_types        = ["OBJECT_FINALIZE"]
  depends_on         = [google_pubsub_topic_iam_member.storage_notifies]
}

resource "google_storage_bucket_iam_member" "reads_bills" {
  for_each = local.bills_buckets
  bucket   = each.value
  role     = "roles/storage.objectViewer"
  member   = "serviceAccount:${google_service_account.land.email}"
}
