"""Runs: one section notebook, one fresh process, one SectionRun.

The only importer of papermill.
"""
