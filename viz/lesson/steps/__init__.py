"""The steps of the lesson: from a subject and a step's settings to its view."""
