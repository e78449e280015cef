"""Photos: bytes in, verdict and prepared photo out. Pillow only, no Django."""
