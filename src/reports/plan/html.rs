//! The plan as a page: the page of the map, with the plan beside it.

use super::{Planned, json};
use crate::reports::Options;
use crate::reports::html::{Part, contracts, map, write_page};
use std::io::{self, Write};

pub(super) fn write(planned: &Planned<'_>, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    let outcome = planned.outcome();
    let plan = Part { id: "plan", fill: Box::new(|out| json::write(planned, options, out)) };
    write_page(&[map(&outcome, options), plan, contracts(&outcome)], out)
}
