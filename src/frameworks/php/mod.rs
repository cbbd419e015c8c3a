//! What frameworks written in PHP have in common: who inherits from whom, what a text is put together from, and what an
//! expression evaluates to.

mod called;
mod chain;
mod classes;
mod handlers;
mod paths;
mod reach;
mod sending;
mod texts;
pub(super) mod types;
mod written;

pub(super) use called::CalledOn;
pub(super) use chain::{Chain, Subject};
pub(super) use classes::{PhpClasses, is_this};
pub(super) use handlers::Handler;
pub(super) use reach::method_calls;
pub(super) use sending::{Sending, Tie};
pub(super) use types::{PhpTypes, Repositories};
