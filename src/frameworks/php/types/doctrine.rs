//! What repositories, query builders and the entity manager of Doctrine give.

use super::PhpTypes;
use crate::base::FileId;
use crate::facts::{Call, DefinitionId};
use crate::frameworks::orm::{Ancestor, ClassId, Typed, What};

impl PhpTypes<'_> {
    /// The entity that a repository is about.
    pub(in crate::frameworks) fn repository(&self, class: ClassId) -> Option<ClassId> {
        self.classes.line(class).find_map(|class| self.repositories.get(&class).copied())
    }

    /// A method that is told a class: `getRepository(Post::class)`, `find(Post::class, 1)`, `from(Post::class, 'p')`.
    pub(super) fn of_manager(&self, file: FileId, owner: Option<DefinitionId>, call: &Call, method: &str) -> Option<Typed> {
        if !matches!(method, "getRepository" | "find" | "getReference" | "getPartialReference" | "from" | "update" | "delete") {
            return None;
        }
        let facts = self.facts(file);
        let value = facts.arguments_of(call).first()?.value;
        let crate::facts::Shape::Member(..) = facts.value(value).shape else { return None };
        let Ancestor::Ours(class) = self.classes.class_of(file, owner, value)? else { return None };
        self.entities.get(class).filter(|entity| entity.by_session)?;
        let is_row = method == "find" || method.starts_with("get") && method.ends_with("Reference");
        Some(Typed::new(if is_row { What::Instance(class) } else { What::Set(class, None) }, 95))
    }

    /// What a method gives that is called on a repository, a query or a collection of entities.
    pub(super) fn on_entities(&self, entity: ClassId, method: &str, sure: u8, left: u32) -> Typed {
        if let Some(repository) = self.repository_of.get(&entity)
            && let Some((home, function)) = self.classes.method(*repository, method)
        {
            let found = self.returned(home, function, Some(*repository), left);
            return Typed::new(found.what, found.sure.min(sure));
        }
        match method {
            "find" | "getSingleResult" | "getOneOrNullResult" | "first" | "last" | "current" | "get" => {
                Typed::new(What::Instance(entity), sure)
            }
            "count"
            | "execute"
            | "getSingleScalarResult"
            | "getScalarResult"
            | "getArrayResult"
            | "getSingleColumnResult"
            | "getDQL"
            | "getSQL"
            | "expr"
            | "map"
            | "exists"
            | "isEmpty"
            | "contains"
            | "getParameters"
            | "getRootAliases"
            | "getEntityManager"
            | "getClassName"
            | "getClassMetadata" => Typed::unknown(),
            _ if method.starts_with("findOneBy") => Typed::new(What::Instance(entity), sure),
            _ => Typed::new(What::Set(entity, None), sure),
        }
    }
}
