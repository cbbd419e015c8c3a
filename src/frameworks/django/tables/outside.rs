//! Models that libraries bring: what a class of the tree inherits from them, and what their tables are called.
//!
//! Taken from the libraries' own models; where versions differ, the columns that all recent ones have.

/// A library's model.
pub(super) struct OutsideModel {
    /// The package and the class: its place inside the package changes between versions.
    package: &'static str,
    class: &'static str,
    /// Hands its columns on; a concrete one is a table of its own.
    pub is_abstract: bool,
    /// Columns besides the key, relations as `column>table`, the primary key as `*column`.
    pub columns: &'static [&'static str],
    /// Many-to-many fields and the tables they lead to.
    pub many: &'static [(&'static str, &'static str)],
}

const fn base(package: &'static str, class: &'static str, columns: &'static [&'static str]) -> OutsideModel {
    OutsideModel { package, class, is_abstract: true, columns, many: &[] }
}

/// The swappable user model, whatever its table is here.
pub(super) const USER: &str = "AUTH_USER_MODEL";

/// True where `get_user_model()` stands for a class.
pub(super) fn is_user(name: &str) -> bool {
    name.ends_with("get_user_model()")
}

const GROUPS: &[(&str, &str)] = &[("groups", "auth_group"), ("user_permissions", "auth_permission")];

static MODELS: &[OutsideModel] = &[
    base("django", "Model", &[]),
    base("django", "AbstractBaseUser", &["password", "last_login"]),
    OutsideModel { package: "django", class: "PermissionsMixin", is_abstract: true, columns: &["is_superuser"], many: GROUPS },
    OutsideModel {
        package: "django",
        class: "AbstractUser",
        is_abstract: true,
        columns: &[
            "password",
            "last_login",
            "is_superuser",
            "username",
            "first_name",
            "last_name",
            "email",
            "is_staff",
            "is_active",
            "date_joined",
        ],
        many: GROUPS,
    },
    base("django", "AbstractBaseSession", &["*session_key", "session_data", "expire_date"]),
    base("mptt", "MPTTModel", &["lft", "rght", "tree_id", "level"]),
    base("treebeard", "MP_Node", &["path", "depth", "numchild"]),
    base("treebeard", "NS_Node", &["lft", "rgt", "tree_id", "depth"]),
    base("treebeard", "AL_Node", &[]),
    base("tree_queries", "TreeNode", &["parent_id>self"]),
    base("tree_queries", "OrderableTreeNode", &["parent_id>self", "position"]),
    base("taggit", "ItemBase", &[]),
    base("taggit", "TagBase", &["name", "slug"]),
    base("taggit", "TaggedItemBase", &["tag_id>taggit_tag"]),
    base("taggit", "CommonGenericTaggedItemBase", &["content_type_id>django_content_type"]),
    base("taggit", "GenericTaggedItemBase", &["content_type_id>django_content_type", "object_id"]),
    base("taggit", "GenericUUIDTaggedItemBase", &["content_type_id>django_content_type", "object_id"]),
    base("model_utils", "TimeStampedModel", &["created", "modified"]),
    base("model_utils", "StatusModel", &["status", "status_changed"]),
    base("model_utils", "TimeFramedModel", &["start", "end"]),
    base("model_utils", "SoftDeletableModel", &["is_removed"]),
    base("model_utils", "UUIDModel", &["*id"]),
    base("django_extensions", "TimeStampedModel", &["created", "modified"]),
    base("django_extensions", "TitleDescriptionModel", &["title", "description"]),
    base("django_extensions", "TitleSlugDescriptionModel", &["title", "slug", "description"]),
    base("django_extensions", "ActivatorModel", &["status", "activate_date", "deactivate_date"]),
    base("polymorphic", "PolymorphicModel", &["polymorphic_ctype_id>django_content_type"]),
    base("ordered_model", "OrderedModel", &["order"]),
    base("ordered_model", "OrderedModelBase", &[]),
    base("django_otp", "Device", &["user_id>AUTH_USER_MODEL", "name", "confirmed"]),
    base("django_otp", "TimestampMixin", &["created_at", "last_used_at"]),
    base("django_otp", "ThrottlingMixin", &["throttling_failure_timestamp", "throttling_failure_count"]),
    base("morango", "UUIDModelMixin", &["*id"]),
    base("morango", "SyncableModel", &["*id", "_morango_dirty_bit", "_morango_source_id", "_morango_partition"]),
    base(
        "oauth2_provider",
        "AbstractApplication",
        &[
            "client_id",
            "user_id>AUTH_USER_MODEL",
            "redirect_uris",
            "post_logout_redirect_uris",
            "client_type",
            "authorization_grant_type",
            "client_secret",
            "name",
            "skip_authorization",
            "created",
            "updated",
            "algorithm",
        ],
    ),
    base(
        "oauth2_provider",
        "AbstractGrant",
        &[
            "user_id>AUTH_USER_MODEL",
            "code",
            "application_id>OAUTH2_PROVIDER_APPLICATION_MODEL",
            "expires",
            "redirect_uri",
            "scope",
            "created",
            "updated",
            "code_challenge",
            "code_challenge_method",
            "nonce",
            "claims",
        ],
    ),
    base(
        "oauth2_provider",
        "AbstractAccessToken",
        &[
            "user_id>AUTH_USER_MODEL",
            "source_refresh_token_id>OAUTH2_PROVIDER_REFRESH_TOKEN_MODEL",
            "token",
            "id_token_id>OAUTH2_PROVIDER_ID_TOKEN_MODEL",
            "application_id>OAUTH2_PROVIDER_APPLICATION_MODEL",
            "expires",
            "scope",
            "created",
            "updated",
        ],
    ),
    base(
        "oauth2_provider",
        "AbstractRefreshToken",
        &[
            "user_id>AUTH_USER_MODEL",
            "token",
            "application_id>OAUTH2_PROVIDER_APPLICATION_MODEL",
            "access_token_id>OAUTH2_PROVIDER_ACCESS_TOKEN_MODEL",
            "created",
            "updated",
            "revoked",
        ],
    ),
    base(
        "oauth2_provider",
        "AbstractIDToken",
        &["user_id>AUTH_USER_MODEL", "jti", "application_id>OAUTH2_PROVIDER_APPLICATION_MODEL", "expires", "scope", "created", "updated"],
    ),
    base("hierarkey", "BaseHierarkeyStoreModel", &["key", "value"]),
];

/// The library's model of a dotted name.
pub(super) fn model(dotted: &str) -> Option<&'static OutsideModel> {
    let package = dotted.split('.').next()?;
    let class = dotted.rsplit('.').next()?;
    // Only models: other parts of Django have classes called Device or Model too.
    MODELS.iter().find(|model| model.package == package && model.class == class && !is_other_layer(dotted))
}

/// What a library's model hands on: columns as [`OutsideModel`] writes them, and many-to-many fields with their tables.
pub(in crate::frameworks) type Inherited = (&'static [&'static str], &'static [(&'static str, &'static str)]);

/// The columns that a model of this dotted name hands on.
pub(in crate::frameworks) fn inherited_columns(dotted: &str) -> Option<Inherited> {
    model(dotted).filter(|model| model.is_abstract).map(|model| (model.columns, model.many))
}

/// True for parts of Django and its neighbours that have fields and metadata but no tables.
pub(super) fn is_other_layer(dotted: &str) -> bool {
    let layers = [
        "forms",
        "serializers",
        "rest_framework",
        "wtforms",
        "django_filters",
        "graphene",
        "admin",
        "views",
        "marshmallow",
        "pydantic",
        "factory",
        "import_export",
        "tables",
        "django_tables2",
        "haystack",
        "elasticsearch_dsl",
        "migrations",
    ];
    dotted.split('.').any(|part| layers.contains(&part))
}

/// The table of a library's concrete model, given its dotted name: Django's rule, and the names that differ from it.
pub(in crate::frameworks) fn table(dotted: &str) -> Option<String> {
    let (place, class) = dotted.rsplit_once('.')?;
    let parts: Vec<&str> = place.split('.').collect();
    let models = parts.iter().position(|part| *part == "models")?;
    // `django.db.models` holds what models are made of, not models.
    let label = parts.get(models.checked_sub(1)?).filter(|label| !matches!(**label, "db" | "forms"))?;
    // What cloud libraries call models are messages; nobody's account is no row.
    if class == "AnonymousUser" || parts.first() == Some(&"azure") {
        return None;
    }
    // A class, and one that is no abstract base.
    let is_class = class.starts_with(char::is_uppercase) && class.contains(char::is_lowercase) && !class.ends_with(')');
    let is_part = ["Abstract", "Base"].iter().any(|word| class.starts_with(word))
        || ["Mixin", "Manager", "QuerySet", "Field", "ForeignKey", "Hierarkey", "Error", "DoesNotExist"]
            .iter()
            .any(|word| class.ends_with(word));
    (is_class && !is_part).then(|| labelled_table(label, class))
}

/// The table of a model of an application outside the tree.
pub(super) fn labelled_table(label: &str, class: &str) -> String {
    let class = class.to_lowercase();
    match (label, class.as_str()) {
        ("contenttypes", "contenttype") => "django_content_type".to_owned(),
        ("sites" | "redirects" | "flatpages" | "sessions", _) => format!("django_{class}"),
        ("social_django", _) => format!("social_auth_{class}"),
        ("admin", "logentry") => "django_admin_log".to_owned(),
        _ => format!("{}_{class}", label.to_lowercase()),
    }
}
