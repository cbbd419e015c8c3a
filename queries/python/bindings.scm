; A name, member or item is given a value.
(assignment) @binding.assign
(augmented_assignment) @binding.augment
(named_expression) @binding.walrus
(for_in_clause) @binding.loop
(as_pattern) @binding.as
(delete_statement) @binding.delete
(global_statement) @binding.declare
(nonlocal_statement) @binding.declare
