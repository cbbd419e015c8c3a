//! Systems outside of the application (PLAN.md A.7): whom it speaks to, from where, and where that hurts.

use crate::bind::External;
use crate::names::ModuleId;
use crate::project::Project;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// One system.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct System {
    /// A host, an SDK, `mail`, or what is known of it: the client that calls.
    pub name: String,
    /// How one speaks to it.
    pub protocol: &'static str,
    /// Hosts, or what stands for one in the configuration, sorted.
    pub hosts: Vec<String>,
    /// Calls, by index in the list of the project.
    pub sites: Vec<usize>,
    /// Modules that call it.
    pub modules: BTreeSet<ModuleId>,
}

impl System {
    /// Somebody waits for an answer: a queue takes the work and lets the caller go on.
    #[must_use]
    pub fn is_synchronous(&self) -> bool {
        self.protocol != "queue"
    }
}

/// True for a call that keeps a transaction open, or is made once for each of many, while somebody waits.
#[must_use]
pub fn hurts(external: &External) -> bool {
    external.at.protocol != "queue" && (external.in_loop || external.in_transaction)
}

/// The name of the system a call speaks to.
#[must_use]
pub fn name(external: &External) -> String {
    let at = &external.at;
    if at.system.is_empty() { format!("unknown host ({})", at.client) } else { at.system.clone() }
}

/// Every system, worst first: calls that hurt, then calls, then name.
#[must_use]
pub fn systems(project: &Project) -> Vec<System> {
    let mut found: BTreeMap<(String, &'static str), System> = BTreeMap::new();
    let mut hosts: BTreeMap<(String, &'static str), BTreeSet<&str>> = BTreeMap::new();
    for (index, external) in project.resolution.externals.iter().enumerate() {
        let key = (name(external), external.at.protocol);
        hosts.entry(key.clone()).or_default().extend(external.at.hosts.iter().map(String::as_str));
        let system = found.entry(key).or_insert_with_key(|(name, protocol)| System {
            name: name.clone(),
            protocol,
            hosts: Vec::new(),
            sites: Vec::new(),
            modules: BTreeSet::new(),
        });
        system.sites.push(index);
        system.modules.insert(project.names.module_of[external.at.file.index()]);
    }
    for (key, system) in &mut found {
        system.hosts = hosts[key].iter().map(|host| (*host).to_owned()).collect();
    }
    let mut systems: Vec<System> = found.into_values().collect();
    let painful = |system: &System| system.sites.iter().filter(|site| hurts(&project.resolution.externals[**site])).count();
    systems.sort_by_cached_key(|system| (Reverse(painful(system)), Reverse(system.sites.len()), system.name.clone(), system.protocol));
    systems
}
