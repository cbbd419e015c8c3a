; What a function takes and what a call hands over.
(default_parameter) @parameter.plain
(typed_default_parameter) @parameter.plain
(typed_parameter) @parameter.typed
(list_splat_pattern) @parameter.rest
(dictionary_splat_pattern) @parameter.rest
(keyword_argument) @argument.keyword
(list_splat) @argument.spread
(dictionary_splat) @argument.spread
