"""The sync agent: a process of its own beside the kiosk, which delivers, fetches releases and shreds."""
