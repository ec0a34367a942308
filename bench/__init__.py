"""The benchmark: what is measured, beside its limit of the same run."""
