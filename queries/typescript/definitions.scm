; What only TypeScript has, or calls by another name.
(abstract_class_declaration) @definition.class
(interface_declaration) @definition.interface
(enum_declaration) @definition.enum
(enum_assignment) @definition.case
(type_alias_declaration) @definition.alias
(public_field_definition) @definition.field
(property_signature) @definition.field
(method_signature) @definition.method
(abstract_method_signature) @definition.method
(function_signature) @definition.signature
(extends_type_clause) @definition.bases
(import_require_clause) @import.require
(required_parameter) @parameter.typed
(optional_parameter) @parameter.typed
