"""The lesson: how CAM attention came to its picture, step by step. What each step shows, whoever draws it."""
