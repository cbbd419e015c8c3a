; Code that runs under a condition, repeatedly, or inside a scope.
(if_statement) @block.branch
(else_if_clause) @block.branch
(else_clause) @block.branch
(switch_statement) @block.switch
(case_statement) @block.case
(default_statement) @block.case
(match_expression) @block.match
(match_conditional_expression) @block.arm
(match_default_expression) @block.arm
(for_statement) @block.loop
(while_statement) @block.loop
(do_statement) @block.loop
(foreach_statement) @block.foreach
(try_statement) @block.try
(catch_clause) @block.catch
(finally_clause) @block.finally
