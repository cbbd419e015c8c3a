; What a function takes and what a call hands over.
(formal_parameters) @parameter.list
(simple_parameter) @parameter.plain
(variadic_parameter) @parameter.rest
(property_promotion_parameter) @parameter.promoted
(arguments) @argument.list
(variadic_unpacking) @argument.spread
