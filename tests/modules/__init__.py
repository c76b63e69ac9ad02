"""How a stance classifier is trained."""
