//! What the views of Django, REST framework and their companions answer: the classes that applications inherit from,
//! by their last name, as their documentation has it.

/// Classes of libraries and the methods of requests they answer.
const VIEWS: [(&str, &[&str]); 71] = [
    ("ApplicationDelete", &["get", "post", "delete"]),
    ("ApplicationDetail", &["get"]),
    ("ApplicationList", &["get"]),
    ("ApplicationRegistration", &["get", "post", "put"]),
    ("ApplicationUpdate", &["get", "post", "put"]),
    ("ArchiveIndexView", &["get"]),
    ("AuthorizationView", &["get", "post", "put"]),
    ("AuthorizedTokenDeleteView", &["get", "post", "delete"]),
    ("AuthorizedTokensListView", &["get"]),
    ("BaseArchiveIndexView", &["get"]),
    ("BaseCreateView", &["get", "post", "put"]),
    ("BaseDateListView", &["get"]),
    ("BaseDeleteView", &["get", "post", "delete"]),
    ("BaseDetailView", &["get"]),
    ("BaseFormView", &["get", "post", "put"]),
    ("BaseListView", &["get"]),
    ("BaseUpdateView", &["get", "post", "put"]),
    ("CreateAPIView", &["post"]),
    ("CreateView", &["get", "post", "put"]),
    ("DateDetailView", &["get"]),
    ("DayArchiveView", &["get"]),
    ("DeleteView", &["get", "post", "delete"]),
    ("DeletionMixin", &["delete", "post"]),
    ("DestroyAPIView", &["delete"]),
    ("DetailView", &["get"]),
    ("FacetedSearchView", &["get", "post", "put"]),
    ("FilterView", &["get"]),
    ("FormSetView", &["get", "post", "put"]),
    ("FormView", &["get", "post", "put"]),
    ("IntrospectTokenView", &["get", "post"]),
    ("JSONCatalog", &["get"]),
    ("JavaScriptCatalog", &["get"]),
    ("ListAPIView", &["get"]),
    ("ListCreateAPIView", &["get", "post"]),
    ("ListView", &["get"]),
    ("LoginView", &["get", "post", "put"]),
    ("LogoutView", &["post"]),
    ("ModelFormSetView", &["get", "post", "put"]),
    ("MonthArchiveView", &["get"]),
    ("ObtainAuthToken", &["post"]),
    ("PasswordChangeDoneView", &["get"]),
    ("PasswordChangeView", &["get", "post", "put"]),
    ("PasswordResetCompleteView", &["get"]),
    ("PasswordResetConfirmView", &["get", "post", "put"]),
    ("PasswordResetDoneView", &["get"]),
    ("PasswordResetView", &["get", "post", "put"]),
    ("ProcessFormView", &["get", "post", "put"]),
    ("RedirectView", &["get", "post", "put", "patch", "delete"]),
    ("RetrieveAPIView", &["get"]),
    ("RetrieveDestroyAPIView", &["get", "delete"]),
    ("RetrieveUpdateAPIView", &["get", "put", "patch"]),
    ("RetrieveUpdateDestroyAPIView", &["get", "put", "patch", "delete"]),
    ("RevokeTokenView", &["post"]),
    ("SearchView", &["get", "post", "put"]),
    ("SingleTableView", &["get"]),
    ("SpectacularAPIView", &["get"]),
    ("SpectacularJSONAPIView", &["get"]),
    ("SpectacularRedocView", &["get"]),
    ("SpectacularSwaggerView", &["get"]),
    ("SpectacularYAMLAPIView", &["get"]),
    ("TemplateView", &["get"]),
    ("TodayArchiveView", &["get"]),
    ("TokenObtainPairView", &["post"]),
    ("TokenRefreshView", &["post"]),
    ("TokenVerifyView", &["post"]),
    ("TokenView", &["post"]),
    ("TokenViewBase", &["post"]),
    ("UpdateAPIView", &["put", "patch"]),
    ("UpdateView", &["get", "post", "put"]),
    ("WeekArchiveView", &["get"]),
    ("YearArchiveView", &["get"]),
];

/// Views whose names tell what they are at their end: `SessionWizardView`, `NamedUrlCookieWizardView`.
const ENDINGS: [(&str, &[&str]); 1] = [("WizardView", &["get", "post"])];

/// Classes of REST framework and the actions they define.
const ACTIONS: [(&str, &[&str]); 7] = [
    ("CreateModelMixin", &["create"]),
    ("DestroyModelMixin", &["destroy"]),
    ("ListModelMixin", &["list"]),
    ("ModelViewSet", &["list", "create", "retrieve", "update", "partial_update", "destroy"]),
    ("ReadOnlyModelViewSet", &["list", "retrieve"]),
    ("RetrieveModelMixin", &["retrieve"]),
    ("UpdateModelMixin", &["update", "partial_update"]),
];

/// Classes that answer nothing themselves; classes that are in none of these lists may answer anything.
const SILENT: [&str; 30] = [
    "APIView",
    "AccessMixin",
    "ContextMixin",
    "FormMixin",
    "GenericAPIView",
    "GenericViewSet",
    "LoginRequiredMixin",
    "ModelFormMixin",
    "MultipleObjectMixin",
    "MultipleObjectTemplateResponseMixin",
    "PermissionRequiredMixin",
    "SingleObjectMixin",
    "SingleObjectTemplateResponseMixin",
    "SuccessMessageMixin",
    "TemplateResponseMixin",
    "UserPassesTestMixin",
    "View",
    "ViewSet",
    "ViewSetMixin",
    "object",
    "ABC",
    "Generic",
    "BaseDetailMixin",
    "DateMixin",
    "DayMixin",
    "MonthMixin",
    "YearMixin",
    "WeekMixin",
    "NestedViewSetMixin",
    "AsyncViewMixin",
];

fn last(path: &str) -> &str {
    path.rsplit('.').next().unwrap_or(path)
}

/// The methods of requests that a library's class answers; none where it is not known.
pub(super) fn methods(path: &str) -> Option<&'static [&'static str]> {
    let name = last(path);
    if SILENT.contains(&name) || ACTIONS.iter().any(|(known, _)| *known == name) {
        return Some(&[]);
    }
    let known = VIEWS.binary_search_by(|(known, _)| known.cmp(&name)).ok().map(|place| VIEWS[place].1);
    known.or_else(|| ENDINGS.iter().find(|(ending, _)| name.ends_with(ending)).map(|(_, methods)| *methods))
}

/// The actions that a library's class defines.
pub(super) fn actions(path: &str) -> &'static [&'static str] {
    let name = last(path);
    ACTIONS.binary_search_by(|(known, _)| known.cmp(&name)).map_or(&[], |place| ACTIONS[place].1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_sorted_for_the_search() {
        assert!(VIEWS.is_sorted() && ACTIONS.is_sorted());
    }
}
