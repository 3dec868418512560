"""The Translate tab: translate a picture and show its attention maps."""
