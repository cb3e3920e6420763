"""The rules on words: sentences are read into statements, which are held against the tables and each other.

May import: form, model, inputs and checks.subject, checks.finding_log.
"""
