"""The page: controls and thin handlers. Nothing outside of this room and `app.py` knows Gradio."""
