"""The Learn tab: an interactive lesson about attention, step by step."""
