"""Runs: one section notebook, one fresh process, one SectionRun.

May import: errors, form, model, paths, inputs, section. The only importer of papermill.
"""
