"""The Learn tab: the lesson, step by step."""
