//! Which method of the tree a call on an object runs, where the class of the object is known.

use super::{CalledOn, PhpClasses, PhpTypes};
use crate::facts::DefinitionKind;
use crate::frameworks::MethodCall;
use crate::frameworks::orm::{Ancestor, ClassId, What};
use rustc_hash::FxHashMap;

/// Collects the calls of all files. A call on an interface is one of the only class that has it.
pub(in crate::frameworks) fn method_calls(types: &PhpTypes<'_>, out: &mut Vec<MethodCall>) {
    let classes = types.classes;
    let only = only_classes(classes);
    for CalledOn { file, owner, call, object, name, .. } in classes.calls_on(|_| true) {
        let class = match types.receiver(file, owner, object).what {
            What::Class(class) => types.behind_facade(class, name),
            What::Instance(class) => class,
            _ => match classes.written_class(file, owner, object) {
                Some(Ancestor::Ours(class)) => class,
                _ => continue,
            },
        };
        let class = types.made_for(class);
        let class = only.get(&class).copied().flatten().unwrap_or(class);
        if let Some(callee) = classes.method(class, name) {
            out.push(MethodCall { file, owner, line: call.span.line, callee });
        }
    }
}

/// Interfaces by the one class that has each; none where several have it.
fn only_classes(classes: &PhpClasses<'_>) -> FxHashMap<ClassId, Option<ClassId>> {
    let kind = |class: ClassId| classes.facts(class.0).definition(class.1).kind;
    let mut found: FxHashMap<ClassId, Option<ClassId>> = FxHashMap::default();
    for class in classes.files().flat_map(|file| classes.classes_of(file)).filter(|class| kind(*class) == DefinitionKind::Class) {
        for above in classes.line(class).filter(|above| kind(*above) == DefinitionKind::Interface) {
            found.entry(above).and_modify(|known| *known = None).or_insert(Some(class));
        }
    }
    found
}
