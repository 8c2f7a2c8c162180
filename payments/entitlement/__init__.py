"""The law of the calculated compensation, C-01 … C-28: one SQL statement file a stage.

`assess` (the month on today's register), runs and `explain` run the same stages over another
set of person-months.
"""
