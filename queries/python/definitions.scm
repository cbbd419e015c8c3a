; What gets a name and a span.
(class_definition) @definition.class
(function_definition) @definition.function
(lambda) @definition.lambda
(decorated_definition) @definition.decorated
(decorator) @definition.decorator
