"""What operators type: one module a command, each with `arguments(parser)` and `run(options) -> Report`."""
