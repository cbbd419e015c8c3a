//! What one statement does to which tables.
