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
use super::php::{PhpClasses, PhpTypes, Repositories};
use super::sqlalchemy;
use super::{Answers, Model};
use crate::names::{FactBase, Names};

pub(super) use classes::{Ancestor, ClassId, Classes, Meant};
pub(super) use entities::{Attribute, AttributeKind, Entities, Entity, Relation};
pub(super) use locals::Locals;
pub use places::{Place, Places};
pub(super) use types::{Form, Typed, Types, What};

/// Reads mapped classes, their tables, and what is done with them.
pub(super) fn interpret(base: &FactBase, names: &Names, model: &mut Model) {
    let mut entities = Entities::default();
    let (mut tables, mut accesses, mut open, mut references) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut answers = Answers::default();
    {
        let classes = Classes::new(base, names, &model.answers);
        let user = django::tables::read(&classes, &mut entities, &mut tables);
        let plain = sqlalchemy::read(&classes, &mut entities, &mut tables);
        // Names of libraries' models mean tables only to the framework that is in use.
        let foreign = if names.apps.is_empty() { sqlalchemy::outside_table } else { django::tables::outside_table };
        let types = Types::new(&classes, &entities, user, foreign);
        django::accesses::collect(&types, &mut accesses, &mut open);
        sqlalchemy::accesses::collect(&types, &plain, &mut accesses, &mut open);
        let (by_laravel, by_doctrine, by_magento) = (laravel::is_used(base), doctrine::is_used(base), magento::is_used(base));
        if by_laravel || by_doctrine || by_magento {
            let php = PhpClasses::new(&classes);
            if by_magento {
                let found = magento::Tables { tables: &mut tables, accesses: &mut accesses, open: &mut open, answers: &mut answers };
                magento::tables(&php, found);
            }
            let mut mapped = Entities::default();
            let mut repositories = Repositories::default();
            let mut container = laravel::Container::default();
            if by_laravel {
                container = laravel::Container::of(&php);
                laravel::references(&php, &container, &mut references);
                laravel::read(&php, &mut mapped, &mut tables);
            }
            if by_doctrine {
                repositories = doctrine::read(&php, &mut mapped, &mut tables);
            }
            let known = tables.iter().map(|table| table.name.to_lowercase()).collect();
            let types = PhpTypes::new(&php, &mapped, laravel::user(&php, &mapped), repositories, container);
            if by_laravel {
                laravel::accesses::collect(&types, &known, &mut accesses, &mut open);
            }
            if by_doctrine {
                doctrine::accesses::collect(&types, &mut accesses);
            }
        }
    }
    model.answers.tables = answers.tables;
    model.answers.settled = answers.settled;
    model.tables.append(&mut tables);
    model.accesses.append(&mut accesses);
    model.unresolved.extend(open);
    model.references.extend(references);
}
