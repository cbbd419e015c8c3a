//! What methods of a migration's table (`Blueprint`) do, as a table: method, columns, what else.

/// What one method does to its table.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Does {
    /// Adds the column its first argument names, or else one of this name.
    Column(Option<&'static str>),
    /// The same, and it is the primary key.
    Key(Option<&'static str>),
    /// The second argument names the column.
    SecondNames,
    /// The column that points at a model's rows.
    ForModel,
    /// Adds these.
    Columns(&'static [&'static str]),
    /// Adds a pair of columns that point at rows of any table.
    Morphs,
    /// Removes the columns it names.
    Drop,
    /// Removes these, or what its first argument names instead.
    DropThese(&'static [&'static str]),
    /// Removes a pair of columns.
    DropMorphs,
    /// Removes a foreign key and nothing else.
    DropForeign,
    /// Removes a foreign key with its column.
    DropForeignColumn,
    /// Removes the column that points at a model's rows.
    DropForModel,
    /// Its columns are no primary key any more.
    DropPrimary,
    /// Gives a column another name.
    Rename,
    /// Gives the table another name.
    RenameTable,
    /// Removes the table.
    DropTable,
    /// Says which columns are the primary key.
    Primary,
    /// Begins a foreign key.
    Foreign,
}

const TIMES: &[&str] = &["created_at", "updated_at"];
const SOFT: &[&str] = &["deleted_at"];
const TOKEN: &[&str] = &["remember_token"];

/// What a method does; none for indexes, comments and what nobody knows.
pub(super) fn does(method: &str) -> Option<Does> {
    use Does as D;
    Some(match method {
        "id" => D::Key(Some("id")),
        "increments" | "integerIncrements" | "tinyIncrements" | "smallIncrements" | "mediumIncrements" | "bigIncrements" => D::Key(None),
        "char"
        | "string"
        | "tinyText"
        | "text"
        | "mediumText"
        | "longText"
        | "integer"
        | "tinyInteger"
        | "smallInteger"
        | "mediumInteger"
        | "bigInteger"
        | "unsignedInteger"
        | "unsignedTinyInteger"
        | "unsignedSmallInteger"
        | "unsignedMediumInteger"
        | "unsignedBigInteger"
        | "float"
        | "double"
        | "decimal"
        | "unsignedFloat"
        | "unsignedDouble"
        | "unsignedDecimal"
        | "boolean"
        | "enum"
        | "set"
        | "json"
        | "jsonb"
        | "date"
        | "dateTime"
        | "dateTimeTz"
        | "time"
        | "timeTz"
        | "timestamp"
        | "timestampTz"
        | "binary"
        | "geometry"
        | "geography"
        | "point"
        | "lineString"
        | "polygon"
        | "geometryCollection"
        | "multiPoint"
        | "multiLineString"
        | "multiPolygon"
        | "multiPolygonZ"
        | "computed"
        | "vector"
        | "tsvector"
        | "rawColumn"
        | "foreignId"
        | "foreignUuid"
        | "foreignUlid" => D::Column(None),
        "year" => D::Column(Some("year")),
        "uuid" => D::Column(Some("uuid")),
        "ulid" => D::Column(Some("ulid")),
        "ipAddress" => D::Column(Some("ip_address")),
        "macAddress" => D::Column(Some("mac_address")),
        "addColumn" => D::SecondNames,
        "foreignIdFor" => D::ForModel,
        "timestamps" | "nullableTimestamps" | "timestampsTz" | "nullableTimestampsTz" | "datetimes" => D::Columns(TIMES),
        "softDeletes" | "softDeletesTz" | "softDeletesDatetime" => D::Column(Some("deleted_at")),
        "rememberToken" => D::Columns(TOKEN),
        "morphs"
        | "nullableMorphs"
        | "numericMorphs"
        | "nullableNumericMorphs"
        | "uuidMorphs"
        | "nullableUuidMorphs"
        | "ulidMorphs"
        | "nullableUlidMorphs" => D::Morphs,
        "dropColumn" | "removeColumn" | "dropColumns" => D::Drop,
        "dropTimestamps" | "dropTimestampsTz" => D::DropThese(TIMES),
        "dropSoftDeletes" | "dropSoftDeletesTz" | "dropSoftDeletesDatetime" => D::DropThese(SOFT),
        "dropRememberToken" => D::DropThese(TOKEN),
        "dropMorphs" => D::DropMorphs,
        "dropForeign" => D::DropForeign,
        "dropConstrainedForeignId" => D::DropForeignColumn,
        "dropForeignIdFor" | "dropConstrainedForeignIdFor" => D::DropForModel,
        "dropPrimary" => D::DropPrimary,
        "renameColumn" => D::Rename,
        "rename" => D::RenameTable,
        "drop" | "dropIfExists" => D::DropTable,
        "primary" => D::Primary,
        "foreign" => D::Foreign,
        _ => return None,
    })
}
