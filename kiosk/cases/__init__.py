"""Cases (办件): what a visit submits, and the papers that come of it."""
