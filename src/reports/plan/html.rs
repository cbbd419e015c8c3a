//! The plan as a page: the page of the map, with the plan beside it.

use super::{Planned, json};
use crate::reports::Options;
use crate::reports::html::{Part, map, write_page};
use std::io::{self, Write};

pub(super) fn write(planned: &Planned<'_>, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    let map = |out: &mut dyn Write| map(&planned.outcome(), options, out);
    let plan = |out: &mut dyn Write| json::write(planned, options, out);
    write_page(&[Part { id: "map", fill: &map }, Part { id: "plan", fill: &plan }], out)
}
