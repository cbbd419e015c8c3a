; Code that runs under a condition, repeatedly, or inside a scope.
(if_statement) @block.if
(elif_clause) @block.elif
(else_clause) @block.else
(for_statement) @block.for
(while_statement) @block.while
(with_statement) @block.with
(try_statement) @block.try
(except_clause) @block.except
(finally_clause) @block.finally
(case_clause) @block.case
(list_comprehension) @block.comprehension
(set_comprehension) @block.comprehension
(dictionary_comprehension) @block.comprehension
(generator_expression) @block.comprehension
