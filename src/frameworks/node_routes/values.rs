//! What expressions come to when code that registers routes is read as if it ran, and the frames they stand in.

use crate::base::FileId;
use crate::facts::{DefinitionId, Stretch, Text, ValueId};
use rustc_hash::FxHashMap;
use std::rc::Rc;

/// Stands in a text for what only running shows.
pub(super) const HOLE: char = '\u{fffc}';

/// Index of a router in the table of routers.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(super) struct RouterId(pub(super) u32);

/// Index of a frame.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(super) struct EnvId(pub(super) u32);

/// Index of an object that a class made.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(super) struct InstanceId(pub(super) u32);

/// An expression of a file, in a frame.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) struct Site {
    pub(super) env: EnvId,
    pub(super) file: FileId,
    pub(super) value: ValueId,
}

/// A function or class, and the frame it was written in.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(super) struct Code {
    pub(super) file: FileId,
    pub(super) id: DefinitionId,
    pub(super) env: EnvId,
    /// What `this` is, where the function was taken from an object.
    pub(super) this: Option<Rc<Abs>>,
}

/// What an expression comes to.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(super) enum Abs {
    /// Nobody can tell.
    Unknown,
    /// A text; [`HOLE`] stands for what only running shows.
    Text(Rc<str>),
    /// A list or object as it is written; its parts are looked at when they are asked for.
    Written(Site),
    /// A list that code put together.
    List(Rc<[Abs]>),
    /// Something that routes are registered on.
    Router(RouterId),
    /// A router and the address given to `route()`.
    Addressed(RouterId, Rc<str>),
    /// A method of a router, taken without calling it: `router[method]`.
    Method(RouterId, Rc<str>),
    /// A function.
    Function(Code),
    /// A class.
    Class(Code),
    /// An object of a class.
    Instance(InstanceId),
    /// A file with what it exports.
    Module(FileId),
    /// Somebody else's, by the name of the package and the members after it.
    Outside(Rc<str>),
    /// What a call of somebody else's function hands back.
    Made(Rc<str>, Site),
}

impl Abs {
    pub(super) fn text(text: &str) -> Self {
        Self::Text(text.into())
    }

    pub(super) fn is_known(&self) -> bool {
        *self != Self::Unknown
    }
}

/// The variables of a running function, or of one round of a loop in it.
#[derive(Debug)]
pub(super) struct Env {
    pub(super) parent: Option<EnvId>,
    pub(super) file: FileId,
    /// The function; none for a file.
    pub(super) owner: Option<DefinitionId>,
    /// One round of a loop inside the frame above it: the values that stand in the loop.
    pub(super) round: Option<Stretch>,
    pub(super) names: Vec<(Text, Abs)>,
    pub(super) this: Option<Abs>,
}

/// What makes a frame the same as another.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) enum Frame {
    /// The top of a file.
    File(FileId),
    /// A function called from a place; the number tells the rounds of `forEach` apart.
    Call(Site, FileId, DefinitionId, u32),
    /// One round of the loop over a value.
    Round(Site, u32),
    /// The constructor of an object.
    Constructor(InstanceId, FileId, DefinitionId),
    /// A function of which nobody knows who calls it, with what object.
    Alone(EnvId, FileId, DefinitionId, Option<InstanceId>),
}

/// All frames.
#[derive(Default)]
pub(super) struct Envs {
    rows: Vec<Env>,
    known: FxHashMap<Frame, EnvId>,
}

impl Envs {
    pub(super) fn get(&self, id: EnvId) -> &Env {
        &self.rows[id.0 as usize]
    }

    pub(super) fn known(&self, frame: Frame) -> Option<EnvId> {
        self.known.get(&frame).copied()
    }

    pub(super) fn add(&mut self, frame: Frame, env: Env) -> EnvId {
        let id = EnvId(u32::try_from(self.rows.len()).expect("frames are limited"));
        self.rows.push(env);
        self.known.insert(frame, id);
        id
    }

    /// The frame that a value belongs to: rounds of loops that it does not stand in are left.
    pub(super) fn around(&self, id: EnvId, value: ValueId) -> EnvId {
        let mut at = id;
        loop {
            let env = self.get(at);
            match (env.round, env.parent) {
                (Some(values), Some(parent)) if !values.contains(value.0) => at = parent,
                _ => return at,
            }
        }
    }

    /// Gives a variable of a frame its value.
    pub(super) fn bind(&mut self, id: EnvId, name: Text, value: Abs) {
        self.rows[id.0 as usize].names.push((name, value));
    }

    /// What `this` is in a frame.
    pub(super) fn this(&self, id: EnvId) -> Option<&Abs> {
        let mut at = Some(id);
        while let Some(id) = at {
            let env = self.get(id);
            if env.this.is_some() {
                return env.this.as_ref();
            }
            at = env.parent;
        }
        None
    }
}

/// An object that a class made.
#[derive(Debug)]
pub(super) struct Instance {
    pub(super) class: Code,
}
