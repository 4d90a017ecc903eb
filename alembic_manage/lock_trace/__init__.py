"""The locks that a revision takes: measured on a scratch database, or said by the manual. Prints nothing."""
