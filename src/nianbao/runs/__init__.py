"""Owns the runs: one section notebook, one fresh process; our papermill engine. The only importer of papermill.

May import: errors, model, paths, section.
"""
