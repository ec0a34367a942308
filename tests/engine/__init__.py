"""Tests with real processes, files and servers, on whichever engine the run uses."""
