"""What nobody can check by reading: that nothing is lost and nothing happens twice."""
