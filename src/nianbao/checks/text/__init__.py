"""The rules on words: sentences are read into statements, which are held against the tables and each other."""
