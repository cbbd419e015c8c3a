//! Cuts SQL text into words.

/// How many bytes at the start of a text are a placeholder or a hole; 0 when it starts with something else.
#[must_use]
pub fn placeholder_length(_text: &str) -> usize {
    0
}
