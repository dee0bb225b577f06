"""What is known of places: build, index, names, supplement, boundaries, online."""
