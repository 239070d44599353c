"""What the platform answers over HTTP, one module a noun."""
