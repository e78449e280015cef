"""Measurements, never tests: machines are noisy, so read the ratios. `make bench` runs them."""
