"""What the runs show: comparison, reasons and fingerprints."""
