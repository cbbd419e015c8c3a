; McCabe 1976: every branch, loop and handler is a decision, and so is every condition joined by `&&` / `||` / `??`.
(if_statement) @decision
(ternary_expression) @decision
(for_statement) @decision
(for_in_statement) @decision
(while_statement) @decision
(do_statement) @decision
(switch_case) @decision
(catch_clause) @decision
"&&" @decision
"||" @decision
"??" @decision
