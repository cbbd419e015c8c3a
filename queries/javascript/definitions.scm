; What gets a name and a span. A function without a name of its own takes that of what it is assigned to.
(class_declaration) @definition.class
(class) @definition.class
(function_declaration) @definition.function
(generator_function_declaration) @definition.function
(method_definition) @definition.method
(arrow_function) @definition.lambda
(function_expression) @definition.lambda
(generator_function) @definition.lambda
(class_heritage) @definition.bases
(decorator) @definition.decorator
