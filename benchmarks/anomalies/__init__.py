"""How good the anomaly detectors are, on generated series with known incidents."""
