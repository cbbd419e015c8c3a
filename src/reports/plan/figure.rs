//! One figure of a plan with every line it rests on: `unpick why plan:orders/foreign_keys`.

use super::json::{Line, lines};
use super::{Planned, words};
use crate::plan::order::Step;
use crate::reports::Options;
use crate::reports::page::{Page, bold, faint, plain};
use std::io::{self, Write};

/// Short names of the terms, as PLAN.md writes them, in the order of [`words::TERMS`].
const SHORT: [&str; 10] = ["Ca", "Ce", "Tw", "Tr", "FK", "J", "S", "Xl", "Cy", "KLOC"];

/// A candidate with one of its terms, or all of them.
pub struct Figure<'a> {
    step: &'a Step,
    term: Option<usize>,
}

impl<'a> Figure<'a> {
    /// What `orders/foreign_keys` or `orders` asks for.
    ///
    /// # Errors
    /// With the names there are, when it means nothing here.
    pub fn ask(planned: &Planned<'a>, question: &str) -> Result<Self, String> {
        let find = |name: &str| planned.plan.order.steps.iter().find(|step| planned.candidate(step.candidate) == name);
        if let Some(step) = find(question) {
            return Ok(Self { step, term: None });
        }
        let (name, term) = question.rsplit_once('/').unwrap_or((question, ""));
        let Some(step) = find(name) else {
            let known: Vec<&str> = planned.plan.candidates.iter().map(|candidate| candidate.name.as_str()).collect();
            return Err(format!("the plan has no candidate called {name:?}; they are {}", known.join(", ")));
        };
        match (0..SHORT.len()).find(|at| SHORT[*at] == term || words::TERMS[*at] == term) {
            Some(term) => Ok(Self { step, term: Some(term) }),
            None => Err(format!("there is no figure called {term:?}; they are {}", words::TERMS.join(", "))),
        }
    }

    /// Writes it.
    ///
    /// # Errors
    /// When writing fails.
    pub fn write(&self, planned: &Planned<'_>, options: &Options, out: &mut dyn Write) -> io::Result<()> {
        let mut page = Page::new(out, options.colour, options.width);
        let Some(term) = self.term else {
            page.line(&[bold(planned.candidate(self.step.candidate)), plain(format!("  difficulty {:.1}", self.step.difficulty))])?;
            for (term, name) in words::TERMS.iter().enumerate() {
                let value = words::rounded(self.step.terms.values[term]);
                page.line(&[
                    plain(format!("  {name:<30}")),
                    bold(value),
                    faint(format!("  {} facts", self.step.terms.evidence[term].len())),
                ])?;
            }
            return Ok(());
        };
        let value = words::rounded(self.step.terms.values[term]);
        let unsure = match self.step.terms.unsure[term] {
            0 => String::new(),
            unsure => format!(" (+{unsure} unsure, not counted)"),
        };
        page.line(&[
            bold(format!("{} {}", planned.candidate(self.step.candidate), words::TERMS[term])),
            plain(format!(" = {value}{unsure}")),
        ])?;
        for row in &self.step.terms.evidence[term] {
            for Line { place, kind, name } in lines(planned, row) {
                let place = place.map_or(String::new(), |(file, line)| format!("  {file}:{line}"));
                page.line(&[plain(format!("  {name}")), faint(format!("  {kind}{place}"))])?;
            }
        }
        Ok(())
    }
}
