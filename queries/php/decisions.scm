; McCabe 1976: every branch, loop and handler is a decision, and so is every condition joined by `&&` / `||`.
(if_statement) @decision
(else_if_clause) @decision
(conditional_expression) @decision
(for_statement) @decision
(foreach_statement) @decision
(while_statement) @decision
(do_statement) @decision
(case_statement) @decision
(match_conditional_expression) @decision
(catch_clause) @decision
"&&" @decision
"||" @decision
"and" @decision
"or" @decision
"xor" @decision
