"""How agents learn: one short file a method, over pure pieces in `core`."""
