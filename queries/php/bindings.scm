; A variable, property or element is given a value.
(assignment_expression) @binding.assign
(reference_assignment_expression) @binding.assign
(augmented_assignment_expression) @binding.augment
(update_expression) @binding.augment
(static_variable_declaration) @binding.static
(global_declaration) @binding.declare
(unset_statement) @binding.delete
