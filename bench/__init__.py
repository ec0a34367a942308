"""The benchmark: what is measured, beside its limit of the same run.

``./chancery bench`` prints one table. Each work runs in a process of its own, on a copy of a world in which the demo's
story was played, in a folder that is removed afterwards. Limits are measured in the same run, so that a slow or busy
machine moves both: read the ratios.
"""
