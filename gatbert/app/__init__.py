"""The page on which a trained model is tried: what it shows, as functions of a model and a sample, and its server."""
