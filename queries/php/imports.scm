; Names taken from other namespaces, and files that are run where they are named.
(namespace_definition) @import.namespace
(namespace_use_declaration) @import.use
(include_expression) @import.include
(include_once_expression) @import.include
(require_expression) @import.include
(require_once_expression) @import.include
