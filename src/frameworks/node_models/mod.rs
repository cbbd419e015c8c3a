//! Libraries that map tables or collections for Node: Sequelize, TypeORM, Mongoose, Bookshelf, Objection, Drizzle,
//! Waterline, and the query builder and migrations of Knex and Sequelize. One folder, because they share their vocabulary: a model
//! with a table, static calls that read or write, chains that end in what they do.

mod accesses;
mod builder;
mod collections;
mod decorated;
mod described;
mod kysely;
mod literals;
mod made;
mod meaning;
mod migrations;
mod models;
mod operations;
mod naming;
mod prisma;
mod relations;
mod repositories;
mod waterline;

use super::{FrameworkRow, Model};
use crate::base::{FileId, Tag};
use crate::config::Config;
use crate::names::javascript::speaks;
use crate::names::{FactBase, Names};

/// The row of these libraries.
pub(super) static ROW: FrameworkRow = FrameworkRow { name: "node_models", interpret };

fn interpret(base: &FactBase, names: &Names, _: &Config, model: &mut Model) {
    let files: Vec<FileId> = base.ids().filter(|file| counts(base, *file)).collect();
    if files.is_empty() {
        return;
    }
    let models = models::Models::read(base, names, &files);
    let mut tables = models.tables();
    let known: std::collections::BTreeSet<String> = tables.iter().map(|table| table.name.clone()).collect();
    tables.extend(described::tables(base, &files, &known));
    tables.extend(migrations::tables(base, &files));
    let prisma = prisma::Prisma::read(base, names);
    tables.extend(prisma.tables());
    let declared = tables.iter().map(|table| table.name.clone()).collect();
    let code: Vec<FileId> = files.into_iter().filter(|file| !base.file(*file).tags.contains(Tag::Migration)).collect();
    model.accesses.extend(accesses::collect(base, &code, &models, &prisma, &declared));
    let collections = collections::read(base, &code, &declared);
    model.accesses.extend(collections.accesses);
    model.unresolved.extend(collections.unresolved);
    model.tables.extend(tables);
    model.tables.extend(collections.tables);
}

/// Tests and other people's code declare no tables of the application.
fn counts(base: &FactBase, file: FileId) -> bool {
    let entry = base.file(file);
    speaks(entry.source.language) && !entry.left_out
}
