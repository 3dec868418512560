"""The Translate tab: a picture in, its translation and attention maps out."""
