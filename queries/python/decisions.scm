; McCabe 1976: every branch, loop and handler is a decision, and so is every condition joined by `and` / `or`.
(if_statement) @decision
(elif_clause) @decision
(conditional_expression) @decision
(for_statement) @decision
(while_statement) @decision
(except_clause) @decision
(case_clause) @decision
(boolean_operator) @decision
(for_in_clause) @decision
(if_clause) @decision
