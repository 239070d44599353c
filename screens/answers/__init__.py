"""The ways to answer a question: one widget a file, its look in the .kv beside it."""
