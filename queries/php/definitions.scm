; What gets a name and a span.
(class_declaration) @definition.class
(interface_declaration) @definition.interface
(trait_declaration) @definition.trait
(enum_declaration) @definition.enum
(anonymous_class) @definition.anonymous
(function_definition) @definition.function
(method_declaration) @definition.method
(anonymous_function) @definition.lambda
(arrow_function) @definition.lambda
(property_hook) @definition.lambda
(base_clause) @definition.bases
(class_interface_clause) @definition.bases
(use_declaration) @definition.traits
(property_declaration) @definition.property
(const_declaration) @definition.constant
(enum_case) @definition.case
(attribute_list) @definition.decorator
