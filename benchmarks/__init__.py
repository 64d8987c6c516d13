"""Benchmarks: the pipeline beside a bare limit, on generated bills of any size. Nothing else imports it."""
