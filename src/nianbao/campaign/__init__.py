"""January for a superior office: workbooks out and back, who is missing, the sums of the units.

May import: errors, form, model, paths, inputs, ingest, checks, runs, export, store, pipeline.
"""
