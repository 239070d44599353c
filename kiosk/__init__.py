"""What a terminal does: identity, items, forms, documents, cases, ratings and the journey through them."""
