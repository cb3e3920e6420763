"""Owns all that a section notebook may import of ours.

May import: errors, form, model, paths, inputs.
"""
