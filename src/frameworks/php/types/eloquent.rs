//! What methods of Eloquent's builders, collections and rows give.

use crate::frameworks::orm::{ClassId, Form, Typed, What};

/// Methods of sets that change rows.
pub(in crate::frameworks) const WRITES: [&str; 47] = [
    "create",
    "createQuietly",
    "createMany",
    "createManyQuietly",
    "createOrFirst",
    "createOrRestore",
    "forceCreate",
    "forceCreateQuietly",
    "firstOrCreate",
    "updateOrCreate",
    "incrementOrCreate",
    "updateOrInsert",
    "insert",
    "insertGetId",
    "insertOrIgnore",
    "insertOrIgnoreUsing",
    "insertUsing",
    "update",
    "updateFrom",
    "upsert",
    "delete",
    "destroy",
    "forceDelete",
    "forceDestroy",
    "restore",
    "truncate",
    "increment",
    "incrementEach",
    "decrement",
    "decrementEach",
    "touch",
    "save",
    "saveQuietly",
    "saveMany",
    "saveManyQuietly",
    "saveOrFail",
    "attach",
    "detach",
    "sync",
    "syncWithoutDetaching",
    "syncWithPivotValues",
    "toggle",
    "updateExistingPivot",
    "deleteQuietly",
    "updateQuietly",
    "forceDeleteQuietly",
    "restoreOrCreate",
];

/// Methods of a row that change it, beyond those.
pub(in crate::frameworks) const ROW_WRITES: [&str; 22] = [
    "save",
    "saveQuietly",
    "saveOrFail",
    "update",
    "updateQuietly",
    "updateOrFail",
    "delete",
    "deleteQuietly",
    "deleteOrFail",
    "forceDelete",
    "forceDeleteQuietly",
    "restore",
    "restoreQuietly",
    "push",
    "pushQuietly",
    "touch",
    "touchQuietly",
    "increment",
    "incrementQuietly",
    "decrement",
    "decrementQuietly",
    "forceRestore",
];

/// Methods of a row that read it again.
pub(in crate::frameworks) const ROW_READS: [&str; 2] = ["fresh", "refresh"];

/// Methods of sets that give one row.
const ONE: [&str; 31] = [
    "find",
    "findOrFail",
    "findOr",
    "findOrNew",
    "findOneBy",
    "first",
    "firstOrFail",
    "firstOr",
    "firstOrNew",
    "firstOrCreate",
    "firstWhere",
    "sole",
    "create",
    "createQuietly",
    "createOrFirst",
    "forceCreate",
    "forceCreateQuietly",
    "updateOrCreate",
    "make",
    "newModelInstance",
    "getModel",
    "last",
    "pop",
    "shift",
    "random",
    "save",
    "saveQuietly",
    "getRelated",
    "getResults",
    "restoreOrCreate",
    "findOrCreate",
];

/// Methods of sets that give no rows.
const NEITHER: [&str; 65] = [
    "count",
    "exists",
    "doesntExist",
    "sum",
    "avg",
    "average",
    "min",
    "max",
    "pluck",
    "value",
    "valueOrFail",
    "soleValue",
    "implode",
    "join",
    "update",
    "updateOrInsert",
    "delete",
    "forceDelete",
    "destroy",
    "insert",
    "insertGetId",
    "insertOrIgnore",
    "insertUsing",
    "increment",
    "decrement",
    "upsert",
    "truncate",
    "toSql",
    "toArray",
    "toJson",
    "explain",
    "isEmpty",
    "isNotEmpty",
    "attach",
    "detach",
    "sync",
    "syncWithoutDetaching",
    "toggle",
    "updateExistingPivot",
    "touch",
    "map",
    "mapWithKeys",
    "mapToGroups",
    "mapInto",
    "flatMap",
    "keys",
    "reduce",
    "contains",
    "modelKeys",
    "getQuery",
    "getConnection",
    "getTable",
    "getMorphClass",
    "getKeyName",
    "getKey",
    "getBindings",
    "toBase",
    "countBy",
    "some",
    "every",
    "getForeignKeyName",
    "getQualifiedForeignKeyName",
    "getQualifiedKeyName",
    "jsonSerialize",
    "dump",
];

/// Methods of a collection that hand each row to a closure.
pub(super) fn gives_element(method: &str) -> bool {
    matches!(
        method,
        "each"
            | "eachById"
            | "map"
            | "mapWithKeys"
            | "mapToGroups"
            | "flatMap"
            | "filter"
            | "reject"
            | "transform"
            | "sortBy"
            | "sortByDesc"
            | "groupBy"
            | "keyBy"
            | "every"
            | "some"
            | "contains"
            | "partition"
            | "first"
            | "last"
            | "unique"
            | "sum"
            | "max"
            | "min"
            | "avg"
            | "skipUntil"
            | "skipWhile"
            | "takeUntil"
            | "takeWhile"
            | "mapInto"
    )
}

/// Methods that hand the set itself, or a part of it, to a closure.
pub(super) fn gives_same(method: &str) -> bool {
    matches!(
        method,
        "where"
            | "orWhere"
            | "whereNot"
            | "orWhereNot"
            | "when"
            | "unless"
            | "tap"
            | "pipe"
            | "chunk"
            | "chunkById"
            | "chunkByIdDesc"
            | "chunkMap"
            | "orderedChunkById"
            | "having"
            | "union"
    )
}

/// Methods of a row that give the row itself.
fn gives_row(method: &str) -> bool {
    matches!(
        method,
        "fresh"
            | "refresh"
            | "replicate"
            | "load"
            | "loadMissing"
            | "loadCount"
            | "loadMorph"
            | "fill"
            | "forceFill"
            | "setAttribute"
            | "setRelation"
            | "unsetRelation"
            | "unsetRelations"
            | "withoutRelations"
            | "makeHidden"
            | "makeVisible"
            | "setHidden"
            | "setVisible"
            | "append"
            | "setAppends"
            | "setConnection"
            | "setTable"
            | "tap"
            | "newInstance"
            | "syncOriginal"
            | "mergeCasts"
            | "setKeepRevisions"
    )
}

/// How methods begin that a row or class hands on to a new builder: `whereState`, `orderByDesc`.
const OF_BUILDER_BY_START: [&str; 12] =
    ["where", "orWhere", "orderBy", "with", "select", "find", "first", "join", "leftJoin", "latest", "oldest", "groupBy"];

/// The rest of those methods, sorted.
const OF_BUILDER: [&str; 58] = [
    "addSelect",
    "all",
    "avg",
    "chunk",
    "chunkById",
    "count",
    "crossJoin",
    "cursor",
    "cursorPaginate",
    "destroy",
    "distinct",
    "doesntExist",
    "doesntHave",
    "each",
    "exists",
    "forceDestroy",
    "from",
    "fromQuery",
    "get",
    "has",
    "having",
    "hydrate",
    "inRandomOrder",
    "is",
    "lazy",
    "lazyById",
    "limit",
    "lockForUpdate",
    "make",
    "max",
    "min",
    "newModelQuery",
    "newQuery",
    "newQueryWithoutScope",
    "newQueryWithoutScopes",
    "offset",
    "on",
    "onWriteConnection",
    "onlyTrashed",
    "orHas",
    "paginate",
    "pluck",
    "query",
    "reorder",
    "rightJoin",
    "scopes",
    "search",
    "sharedLock",
    "simplePaginate",
    "skip",
    "sole",
    "sum",
    "take",
    "tap",
    "union",
    "unless",
    "value",
    "when",
];

/// Methods of builders that a row or class hands on to a new builder.
pub(super) fn is_of_builder(method: &str) -> bool {
    let goes_on = |rest: &str| rest.is_empty() || rest.starts_with(char::is_uppercase);
    OF_BUILDER.binary_search(&method).is_ok() || OF_BUILDER_BY_START.iter().any(|start| method.strip_prefix(start).is_some_and(goes_on))
}

/// True for a method that gives rows, one row or a figure: what stands behind it is no relation or query any more.
pub(in crate::frameworks) fn ends_query(method: &str) -> bool {
    ONE.contains(&method)
        || NEITHER.contains(&method)
        || WRITES.contains(&method)
        || matches!(method, "get" | "all" | "paginate" | "simplePaginate" | "cursorPaginate" | "cursor" | "lazy" | "each" | "chunk")
}

/// What a method of a set gives.
pub(super) fn of_set(class: ClassId, via: Option<String>, method: &str, sure: u8) -> Typed {
    if ONE.contains(&method) {
        Typed::new(What::Instance(class), sure)
    } else if NEITHER.contains(&method) {
        Typed::unknown()
    } else {
        Typed::new(What::Set(class, via), sure)
    }
}

/// What a method of a query over a table gives.
pub(super) fn of_table(table: String, via: Option<String>, method: &str, sure: u8) -> Typed {
    if ONE.contains(&method) || NEITHER.contains(&method) {
        Typed::unknown()
    } else {
        Typed::new(What::Foreign(table, Form::Set, via), sure)
    }
}

/// What a method gives that a mapped class does not define itself, called on the class.
pub(super) fn of_class(class: ClassId, method: &str, sure: u8) -> Typed {
    if method == "__construct" {
        Typed::new(What::Instance(class), sure)
    } else if matches!(method, "destroy" | "truncate" | "insert" | "upsert" | "observe" | "creating" | "created" | "factory") {
        Typed::unknown()
    } else if WRITES.contains(&method) || is_of_builder(method) || ONE.contains(&method) {
        of_set(class, None, method, sure)
    } else {
        Typed::unknown()
    }
}

/// What a method gives that a mapped class does not define itself, called on a row.
pub(super) fn of_row(class: ClassId, method: &str, sure: u8) -> Typed {
    if gives_row(method) {
        Typed::new(What::Instance(class), sure)
    } else if is_of_builder(method) {
        of_set(class, None, method, sure.min(90))
    } else {
        Typed::unknown()
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn methods_are_sorted_so_that_they_can_be_searched() {
        assert!(super::OF_BUILDER.is_sorted());
    }
}
