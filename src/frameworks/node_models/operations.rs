//! What the methods of models and query builders do.

use crate::frameworks::tables::Operation;

/// Methods of models that begin with one of these read; the next list writes. Applications add their own of the same
/// pattern (`createWithContext`), so beginnings are compared.
const READS: [&str; 14] = [
    "find",
    "count",
    "fetch",
    "aggregate",
    "exists",
    "distinct",
    "max",
    "min",
    "sum",
    "average",
    "avg",
    "paginate",
    "groupBy",
    "estimatedDocumentCount",
];

const WRITES: [&str; 30] = [
    "create",
    "insert",
    "save",
    "update",
    "upsert",
    "delete",
    "destroy",
    "remove",
    "bulk",
    "truncate",
    "increment",
    "decrement",
    "restore",
    "replace",
    "soft",
    "patch",
    "findOrCreate",
    "findCreate",
    "findOneAnd",
    "findByIdAnd",
    "findOrBuild",
    "add",
    "edit",
    "del",
    "relate",
    "unrelate",
    "clear",
    "persist",
    "recover",
    "archive",
];

/// What a method called on a model does.
pub(super) fn of_model(method: &str) -> Option<Operation> {
    // What changes the model itself, not its rows.
    if ["Hook", "Scope", "Listener", "Attribute", "Middleware"].iter().any(|word| method.ends_with(word)) {
        return None;
    }
    let begins = |word: &&&str| method.strip_prefix(**word).is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_lowercase()));
    if WRITES.iter().any(|word| begins(&word)) {
        return Some(Operation::Write);
    }
    READS.iter().any(|word| begins(&word)).then_some(Operation::Read)
}

/// True for a method that libraries have by just this name, which a class may have put its own in place of.
pub(super) fn is_plain(method: &str) -> bool {
    READS.contains(&method) || WRITES.contains(&method) || matches!(method, "findOne" | "findAll" | "findByPk" | "findById" | "findMany")
}

/// True for steps of a chain of a query builder that make it a write.
pub(super) fn makes_write(step: &str) -> bool {
    const STEPS: [&str; 16] = [
        "insert",
        "update",
        "patch",
        "delete",
        "del",
        "truncate",
        "increment",
        "decrement",
        "upsert",
        "onConflict",
        "relate",
        "unrelate",
        "batchInsert",
        "into",
        "set",
        "values",
    ];
    STEPS.contains(&step)
        || ["insertAnd", "insertGraph", "insertWith", "updateAnd", "patchAnd", "upsertGraph", "deleteBy", "softDelete", "upsertAnd"]
            .iter()
            .any(|beginning| step.starts_with(beginning))
}

/// True for steps of a chain that name another table to read.
pub(super) fn joins(step: &str) -> bool {
    matches!(
        step,
        "join"
            | "innerJoin"
            | "leftJoin"
            | "leftOuterJoin"
            | "rightJoin"
            | "rightOuterJoin"
            | "outerJoin"
            | "fullOuterJoin"
            | "crossJoin"
            | "leftJoinAndSelect"
            | "innerJoinAndSelect"
            | "leftJoinAndMapOne"
            | "leftJoinAndMapMany"
            | "innerJoinAndMapOne"
            | "innerJoinAndMapMany"
            | "fullJoin"
            | "from"
            | "table"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn methods_are_told_by_how_they_begin() {
        assert_eq!(of_model("findByPk"), Some(Operation::Read));
        assert_eq!(of_model("findOneAndUpdate"), Some(Operation::Write));
        assert_eq!(of_model("createWithContext"), Some(Operation::Write));
        assert_eq!(of_model("address"), None);
        assert_eq!(of_model("addHook"), None);
        assert_eq!(of_model("counter"), None);
        assert_eq!(of_model("count"), Some(Operation::Read));
    }
}
