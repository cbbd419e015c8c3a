//! Classes that read and write a model without saying how: generic views, model forms, serializers.
//!
//! What they do is in their base class's name, which Django and REST framework document; which model they do it to is
//! in `model`, `queryset`, or the `Meta` of their form or serializer.

use crate::base::Tag;
use crate::frameworks::orm::{Ancestor, ClassId, Types};
use crate::frameworks::tables::Operation::{self, Read, Write};

/// How far the model of a class is followed through its form or serializer.
const DEEPEST: u32 = 12;

/// Base classes of libraries and what they do with their model; mixins and views alike.
static BASES: [(&str, &[Operation]); 26] = [
    ("ListView", &[Read]),
    ("DetailView", &[Read]),
    ("BaseListView", &[Read]),
    ("BaseDetailView", &[Read]),
    ("ArchiveIndexView", &[Read]),
    ("CreateView", &[Write]),
    ("UpdateView", &[Read, Write]),
    ("DeleteView", &[Read, Write]),
    ("ModelForm", &[Write]),
    ("BaseModelForm", &[Write]),
    ("ModelSerializer", &[Read]),
    ("HyperlinkedModelSerializer", &[Read]),
    ("ListAPIView", &[Read]),
    ("RetrieveAPIView", &[Read]),
    ("CreateAPIView", &[Write]),
    ("UpdateAPIView", &[Read, Write]),
    ("DestroyAPIView", &[Read, Write]),
    ("ListCreateAPIView", &[Read, Write]),
    ("RetrieveUpdateAPIView", &[Read, Write]),
    ("RetrieveDestroyAPIView", &[Read, Write]),
    ("RetrieveUpdateDestroyAPIView", &[Read, Write]),
    ("ModelViewSet", &[Read, Write]),
    ("ReadOnlyModelViewSet", &[Read]),
    ("CreateModelMixin", &[Write]),
    ("UpdateModelMixin", &[Read, Write]),
    ("DestroyModelMixin", &[Read, Write]),
];

/// A class that works on a model by being what it is.
pub(super) struct Working {
    /// The class.
    pub class: ClassId,
    /// The model.
    pub model: ClassId,
    /// What it does.
    pub operation: Operation,
    /// The library's class that does it.
    pub base: &'static str,
}

/// Every such class of the application, in the order of files and lines.
pub(super) fn find(types: &Types<'_>) -> Vec<Working> {
    let mut found = Vec::new();
    for file in types.classes.base.ids() {
        let entry = types.classes.base.file(file);
        if entry.left_out || entry.tags.contains(Tag::Migration) {
            continue;
        }
        for (id, definition) in entry.facts.definitions() {
            if definition.kind.is_type() && !definition.bases.is_empty() {
                add(types, (file, id), &mut found);
            }
        }
    }
    found
}

fn add(types: &Types<'_>, class: ClassId, out: &mut Vec<Working>) {
    let lineage = types.classes.lineage(class);
    let bases = lineage.iter().filter_map(|ancestor| match ancestor {
        Ancestor::Outside(name) => BASES.iter().find(|(base, _)| name.rsplit('.').next() == Some(base)),
        Ancestor::Ours(_) => None,
    });
    let mut done: Vec<Operation> = Vec::new();
    let mut model = None;
    for (base, operations) in bases {
        if model.is_none() {
            model = types.subject(class, DEEPEST);
        }
        let Some(model) = model else { return };
        for operation in *operations {
            if !done.contains(operation) {
                done.push(*operation);
                out.push(Working { class, model, operation: *operation, base });
            }
        }
    }
}
