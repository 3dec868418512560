"""The Train tab: set up a run on two domains, follow it, and export its weights."""
