//! What libraries bring: declarative bases, mixins with columns, and mapped classes of their own.

/// Packages whose names say that SQLAlchemy is used.
const PACKAGES: [&str; 6] = ["sqlalchemy", "flask_sqlalchemy", "sqlmodel", "flask_appbuilder", "sqlalchemy_utils", "geoalchemy2"];

/// Functions that hand back the column they are given.
const WRAPPERS: [&str; 4] = ["deferred", "column_property", "query_expression", "encrypted"];

/// True for the dotted name of something in SQLAlchemy or a library that builds on it.
pub(super) fn is_sqlalchemy(name: &str) -> bool {
    let first = name.split('.').next().unwrap_or(name);
    // An extension object of a package outside the tree: `extensions.db.Column`.
    PACKAGES.contains(&first) || first.contains("sqlalchemy") || name.contains("SQLAlchemy()") || name.contains(".db.")
}

/// True for functions that hand back the column they are given: `deferred(Column(...))`.
pub(super) fn is_wrapper(last: &str) -> bool {
    WRAPPERS.contains(&last)
}

/// How a base names the tables of classes that do not.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Naming {
    /// The class must say it.
    Written,
    /// Snake case of the class name (Flask-SQLAlchemy, Flask-AppBuilder).
    Snake,
    /// The class name in lower case, where the class statement says `table=True` (SQLModel).
    SqlModel,
}

/// How a library's class is a declarative base, if it is one.
pub(super) fn base(name: &str) -> Option<Naming> {
    let last = name.rsplit('.').next().unwrap_or(name);
    match last {
        "SQLModel" => Some(Naming::SqlModel),
        "Model" if name.contains("SQLAlchemy()") || name.starts_with("flask_appbuilder") || name.contains(".db.") => Some(Naming::Snake),
        "DeclarativeBase" | "DeclarativeBaseNoMeta" | "declarative_base()" | "generate_base()" | "automap_base()" => Some(Naming::Written),
        _ => None,
    }
}

/// A base of which no class with a table is made directly: its first heir is the application's own base.
pub(super) fn is_root(name: &str) -> bool {
    matches!(name.rsplit('.').next(), Some("DeclarativeBase" | "DeclarativeBaseNoMeta"))
}

/// What Authlib's `OAuth2AuthorizationCodeMixin` brings.
const CODE: [&str; 11] = [
    "code",
    "client_id",
    "redirect_uri",
    "response_type",
    "scope",
    "nonce",
    "auth_time",
    "acr",
    "amr",
    "code_challenge",
    "code_challenge_method",
];

/// What Authlib's `OAuth2TokenMixin` brings.
const TOKEN: [&str; 9] = [
    "client_id",
    "token_type",
    "access_token",
    "refresh_token",
    "scope",
    "issued_at",
    "access_token_revoked_at",
    "refresh_token_revoked_at",
    "expires_in",
];

/// Columns a library's mixin brings: `column` or `column>table`.
pub(super) fn columns(name: &str) -> &'static [&'static str] {
    if !is_sqlalchemy(name) && !name.starts_with("fastapi_users_db_sqlalchemy") && !name.starts_with("authlib.integrations.sqla_oauth2") {
        return &[];
    }
    match name.rsplit('.').next().unwrap_or(name) {
        "AuditMixin" => &["created_on", "changed_on", "created_by_fk>ab_user", "changed_by_fk>ab_user"],
        "FileColumn" | "ImageColumn" => &[],
        "SQLAlchemyBaseUserTable" => &["email", "hashed_password", "is_active", "is_superuser", "is_verified"],
        "SQLAlchemyBaseUserTableUUID" => &["*id", "email", "hashed_password", "is_active", "is_superuser", "is_verified"],
        "OAuth2ClientMixin" => &["client_id", "client_secret", "client_id_issued_at", "client_secret_expires_at", "client_metadata"],
        "OAuth2AuthorizationCodeMixin" => &CODE,
        "OAuth2TokenMixin" => &TOKEN,
        "SQLAlchemyBaseOAuthAccountTable" => &["oauth_name", "access_token", "expires_at", "refresh_token", "account_id", "account_email"],
        _ => &[],
    }
}

/// The table of a mapped class of a library.
pub(super) fn table(name: &str) -> Option<&'static str> {
    if !name.starts_with("flask_appbuilder") {
        return None;
    }
    Some(match name.rsplit('.').next()? {
        "User" => "ab_user",
        "Role" => "ab_role",
        "Group" => "ab_group",
        "Permission" => "ab_permission",
        "ViewMenu" => "ab_view_menu",
        "PermissionView" => "ab_permission_view",
        "RegisterUser" => "ab_register_user",
        _ => return None,
    })
}

/// `OrderLine` is `order_line`, `HTTPRequest` is `http_request` (Flask-SQLAlchemy's `camel_to_snake_case`).
pub(super) fn snake_case(name: &str) -> String {
    let letters: Vec<char> = name.chars().collect();
    let mut text = String::with_capacity(name.len() + 4);
    for (place, letter) in letters.iter().enumerate() {
        if letter.is_uppercase() && place > 0 {
            let before = letters[place - 1];
            let next_is_small = letters.get(place + 1).is_some_and(|next| next.is_lowercase());
            if before.is_lowercase() || before.is_numeric() || next_is_small {
                text.push('_');
            }
        }
        text.extend(letter.to_lowercase());
    }
    text
}

#[cfg(test)]
mod tests {
    use super::snake_case;

    #[test]
    fn class_names_become_table_names_as_flask_sqlalchemy_makes_them() {
        for (class, table) in [("OrderLine", "order_line"), ("HTTPRequest", "http_request"), ("User2FA", "user2_fa"), ("tag", "tag")] {
            assert_eq!(snake_case(class), table);
        }
    }
}
