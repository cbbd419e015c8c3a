; A variable, property or element is given a value.
(variable_declarator) @binding.declarator
(assignment_expression) @binding.assign
(augmented_assignment_expression) @binding.augment
(update_expression) @binding.augment
(assignment_pattern) @binding.default
(object_assignment_pattern) @binding.default
