"""Runs: one section notebook, one fresh process, one SectionRun.

May import: errors, form, model, paths. The only importer of papermill.
"""
