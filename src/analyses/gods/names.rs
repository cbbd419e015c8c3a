//! What the bare names of one file stand for, as far as the measures ask.

use crate::facts::{Binds, DefinitionId, DefinitionKind, FileFacts, Shape, Text, ValueId};
use rustc_hash::{FxHashMap, FxHashSet};

/// Names of one file and the places that give or call something, collected once for all its classes.
pub(super) struct FileNames {
    /// By definition: the method, or function of the module level, that its code belongs to.
    pub(super) root: Vec<Option<DefinitionId>>,
    /// Names that imports bring in or classes of the module level have.
    known: FxHashSet<Text>,
    /// Variables of the module level.
    pub(super) globals: FxHashSet<Text>,
    /// By root and name: the names its code binds; true where it binds them to literals only.
    locals: FxHashMap<(DefinitionId, Text), bool>,
    /// Names a root takes from the module level by saying so.
    global_in: FxHashSet<(DefinitionId, Text)>,
    /// By value: it is given something.
    stored: Vec<bool>,
    /// By value: it is called.
    called: Vec<bool>,
}

/// The method or function of the module level around every definition; code of a class body has none.
pub(super) fn roots(facts: &FileFacts) -> Vec<Option<DefinitionId>> {
    let mut root: Vec<Option<DefinitionId>> = Vec::with_capacity(facts.definitions.len());
    for (id, definition) in facts.definitions() {
        let own = match (definition.kind, definition.owner) {
            (kind, _) if kind.is_type() => None,
            (DefinitionKind::Method, _) | (_, None) => Some(id),
            (_, Some(owner)) => root[owner.0 as usize],
        };
        root.push(own);
    }
    root
}

impl FileNames {
    pub(super) fn of(facts: &FileFacts, root: Vec<Option<DefinitionId>>) -> Self {
        let mut names = Self {
            root,
            known: facts.imports.iter().filter_map(|import| import.local).collect(),
            globals: FxHashSet::default(),
            locals: FxHashMap::default(),
            global_in: FxHashSet::default(),
            stored: vec![false; facts.values.len()],
            called: vec![false; facts.values.len()],
        };
        for (id, definition) in facts.definitions() {
            if definition.kind.is_type() && definition.owner.is_none() {
                names.known.insert(definition.name);
            }
            if let Some(root) = names.root[id.0 as usize] {
                for parameter in &facts.parameters[definition.parameters.range()] {
                    names.locals.insert((root, parameter.name), false);
                }
            }
        }
        for call in &facts.calls {
            names.called[call.callee.0 as usize] = true;
        }
        for binding in facts.bindings.iter().filter(|binding| binding.binds != Binds::Constant) {
            let takes = binding.binds == Binds::Declare && binding.annotation.is_none();
            let literal = match binding.binds {
                Binds::Assign => binding.value.is_some_and(|value| is_literal(facts, value)),
                _ => false,
            };
            names.bind(facts, binding.owner, binding.target, takes, literal);
        }
        names
    }

    fn bind(&mut self, facts: &FileFacts, owner: Option<DefinitionId>, target: ValueId, takes: bool, literal: bool) {
        self.stored[target.0 as usize] = true;
        match facts.value(target).shape {
            Shape::List(parts) => facts.items(parts).iter().for_each(|part| self.bind(facts, owner, *part, takes, false)),
            Shape::Name(name) => match owner {
                None => {
                    self.globals.insert(name);
                }
                Some(owner) => {
                    let Some(root) = self.root[owner.0 as usize] else { return };
                    if takes {
                        self.global_in.insert((root, name));
                    } else {
                        self.locals.entry((root, name)).and_modify(|all| *all &= literal).or_insert(literal);
                    }
                }
            },
            _ => {}
        }
    }

    pub(super) fn is_stored(&self, value: ValueId) -> bool {
        self.stored[value.0 as usize]
    }

    pub(super) fn is_called(&self, value: ValueId) -> bool {
        self.called[value.0 as usize]
    }

    /// True for an import or a class, unless the root has a variable of that name.
    pub(super) fn is_known(&self, root: Option<DefinitionId>, name: Text) -> bool {
        self.known.contains(&name) && self.local(root, name).is_none()
    }

    /// For a variable of the root: does it only ever hold literals?
    pub(super) fn local(&self, root: Option<DefinitionId>, name: Text) -> Option<bool> {
        let key = (root?, name);
        if self.global_in.contains(&key) { None } else { self.locals.get(&key).copied() }
    }
}

/// Something written down on the spot, which is nobody else's data.
pub(super) fn is_literal(facts: &FileFacts, value: ValueId) -> bool {
    matches!(
        facts.value(value).shape,
        Shape::Literal(_) | Shape::Template(_) | Shape::Number(_) | Shape::Constant(_) | Shape::List(_) | Shape::Map(_)
    )
}
