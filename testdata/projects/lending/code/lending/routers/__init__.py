"""One router for each thing people ask the desk about."""
