"""Change the kernel in one place at a time and see whether a test notices (row A10)."""
