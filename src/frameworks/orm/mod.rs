//! Classes that stand for tables, whatever library maps them, and the code that reads and writes through them.
//!
//! A library's folder (`django`, `sqlalchemy`) says which classes are mapped and to what; what is common lives here:
//! who inherits from whom, what a local name holds, and what an expression evaluates to.

mod classes;
mod entities;
mod locals;
mod places;
mod sessions;
mod types;

use super::django;
use super::doctrine;
use super::laravel;
use super::magento;
use super::messages::Ends;
use super::php::{self, PhpClasses, PhpTypes, Repositories, Sending};
use super::routes::Route;
use super::sqlalchemy;
use super::symfony;
use super::tables::{DeclaredTable, JoinedColumns, TableAccess};
use super::wordpress;
use super::{Answers, MethodCall, Model, OpenCall, StringReference};
use crate::names::{FactBase, Names};

pub(super) use classes::{Ancestor, ClassId, Classes, Meant};
pub(super) use entities::{Attribute, AttributeKind, Entities, Entity, Relation};
pub(super) use locals::{Bound, Locals};
pub use places::{Place, Places};
pub(super) use types::{Form, Typed, Types, What};

/// What was found so far.
#[derive(Default)]
struct Found {
    tables: Vec<DeclaredTable>,
    accesses: Vec<TableAccess>,
    joined: Vec<JoinedColumns>,
    open: Vec<OpenCall>,
    references: Vec<StringReference>,
    answers: Answers,
    routes: Vec<Route>,
    messages: Ends,
    method_calls: Vec<MethodCall>,
}

/// Reads mapped classes, their tables, and what is done with them; `keyless` as if no class had relations.
pub(super) fn interpret(base: &FactBase, names: &Names, keyless: bool, model: &mut Model) {
    let mut entities = Entities::default();
    let mut found = Found::default();
    {
        let classes = Classes::new(base, names, &model.answers);
        let user = django::tables::read(&classes, &mut entities, &mut found.tables);
        let plain = sqlalchemy::read(&classes, &mut entities, &mut found.tables);
        if keyless {
            entities.forget_relations();
        }
        // Names of libraries' models mean tables only to the framework that is in use.
        let foreign = if names.apps.is_empty() { sqlalchemy::outside_table } else { django::tables::outside_table };
        let types = Types::new(&classes, &entities, user, foreign);
        django::accesses::collect(&types, &mut found.accesses, &mut found.open);
        let Found { accesses, open, joined, .. } = &mut found;
        sqlalchemy::accesses::collect(&types, &plain, &mut sqlalchemy::accesses::Out { accesses, joined, open });
        interpret_php(&classes, keyless, &mut found);
    }
    model.answers.tables = found.answers.tables;
    model.answers.settled = found.answers.settled;
    model.tables.append(&mut found.tables);
    model.accesses.append(&mut found.accesses);
    model.predicates.joined.append(&mut found.joined);
    model.unresolved.append(&mut found.open);
    model.references.append(&mut found.references);
    model.routes.append(&mut found.routes);
    model.method_calls.append(&mut found.method_calls);
    (model.messages, model.entries) = found.messages.joined();
}

/// The frameworks written in PHP.
fn interpret_php(classes: &Classes<'_>, keyless: bool, found: &mut Found) {
    let base = classes.base;
    let (by_laravel, by_doctrine, by_magento) = (laravel::is_used(base), doctrine::is_used(base), magento::is_used(base));
    let (by_symfony, by_wordpress) = (symfony::is_used(base), wordpress::is_used(base));
    if !by_laravel && !by_doctrine && !by_magento && !by_symfony && !by_wordpress {
        return;
    }
    let php = PhpClasses::new(classes);
    if by_symfony {
        symfony::routes(&php, &mut found.routes, &mut found.open);
        symfony::references(&php, &mut found.references);
    }
    if by_wordpress {
        wordpress::routes(&php, &mut found.routes, &mut found.open);
    }
    if by_magento {
        let Found { tables, accesses, open, answers, .. } = found;
        magento::tables(&php, magento::Tables { tables, accesses, open, answers });
    }
    let mut mapped = Entities::default();
    let mut repositories = Repositories::default();
    let mut container = laravel::Container::default();
    if by_laravel {
        container = laravel::Container::of(&php);
        laravel::references(&php, &container, &mut found.references);
        laravel::routes::collect(&php, &mut found.routes, &mut found.open, &mut found.references);
        laravel::read(&php, &mut mapped, &mut found.tables, &mut found.accesses);
    }
    if by_doctrine {
        repositories = doctrine::read(&php, &mut mapped, &mut found.tables);
    }
    if keyless {
        mapped.forget_relations();
    }
    let known = found.tables.iter().map(|table| table.name.to_lowercase()).collect();
    let types = PhpTypes::new(&php, &mapped, laravel::user(&php, &mapped), repositories, container);
    if by_laravel {
        laravel::accesses::collect(&types, &known, &mut found.accesses, &mut found.open);
    }
    if by_doctrine {
        doctrine::accesses::collect(&types, &mut found.accesses);
    }
    if by_laravel || by_doctrine || by_symfony {
        php::method_calls(&types, &mut found.method_calls);
    }
    let mut reader = Sending { types: &types, ends: &mut found.messages, open: &mut found.open };
    if by_laravel {
        laravel::messages::collect(&mut reader);
        laravel::policies::references(&types, &mut found.references);
    }
    if by_symfony {
        symfony::messages::collect(&mut reader);
    }
    found.messages.hand_down(|below, above| php.line(below).any(|class| class == above));
}
