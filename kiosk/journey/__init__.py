"""The journey: one explicit state for each visit, one step a page; views go out, intents and device events come in."""
