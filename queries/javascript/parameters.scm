; What a function takes and what a call hands over.
(formal_parameters) @parameter.list
(arguments) @argument.list
