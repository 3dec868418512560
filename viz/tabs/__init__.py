"""The Gradio page: controls and thin handlers. Only this package and `app.py` import Gradio."""
