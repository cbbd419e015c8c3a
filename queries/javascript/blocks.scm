; Code that runs under a condition, repeatedly, or inside a scope.
(if_statement) @block.branch
(else_clause) @block.branch
(switch_statement) @block.switch
(switch_case) @block.case
(switch_default) @block.case
(for_statement) @block.loop
(while_statement) @block.loop
(do_statement) @block.loop
(for_in_statement) @block.foreach
(try_statement) @block.try
(catch_clause) @block.catch
(finally_clause) @block.finally
