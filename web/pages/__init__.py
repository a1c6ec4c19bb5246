"""The pages that people see: rendered here, without a script, in French and English."""
