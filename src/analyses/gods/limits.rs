//! The limits, all absolute, and which of them a class or file is past.

use super::{Figures, Reason};

/// Weighted methods per class from which a class does too much (Lanza and Marinescu, Object-Oriented Metrics in Practice).
pub const GOD_WMC: u32 = 47;
/// More attributes of other objects than this are too many (same source: "few" is at most 5).
pub const GOD_ATFD: u32 = 5;
/// Distinct tables from which a class or file is a finding (PLAN.md A.4).
pub const TABLES: u32 = 8;
/// Lines outside of classes from which a file may be a god (PLAN.md A.4).
pub const GOD_FILE_LINES: u32 = 1000;

/// A limit of size: what it says, the figure, and from where on.
type Size = (Reason, fn(&Figures) -> u32, u32);

/// PHPMD's defaults (phpmd/phpmd, `rulesets/codesize.xml` and `design.xml`). They say large, not god. PHPMD reports
/// fields and methods when there are more than the limit, everything else from the limit on.
const SIZES: [Size; 6] = [
    (Reason::Complexity, |figures| figures.wmc, 50),
    (Reason::Length, |figures| figures.lines, 1000),
    (Reason::Methods, |figures| figures.methods, 26),
    (Reason::Public, |figures| figures.public, 45),
    (Reason::Fields, |figures| figures.fields, 16),
    (Reason::Coupling, |figures| figures.coupling, 13),
];

/// The fewest other classes that count as coupled to too many.
pub(super) const COUPLING: usize = 13;

/// True where it does much, reaches into other objects, and its methods share little. A cohesion that is not defined
/// shows nothing.
#[must_use]
pub fn is_god_class(figures: &Figures) -> bool {
    figures.wmc >= GOD_WMC && figures.atfd > GOD_ATFD && figures.tcc.is_some_and(|tcc| tcc.is_below_a_third())
}

/// True for much code outside of classes that does much and reaches into other objects or touches many tables. A long
/// list of settings does nothing.
#[must_use]
pub fn is_god_file(figures: &Figures) -> bool {
    figures.lines >= GOD_FILE_LINES && figures.wmc >= GOD_WMC && (figures.atfd > GOD_ATFD || figures.tables >= TABLES)
}

/// Every limit a class is past, the god's first.
#[must_use]
pub fn reasons(figures: &Figures) -> Vec<Reason> {
    let god = is_god_class(figures).then_some(Reason::GodClass);
    let tables = (figures.tables >= TABLES).then_some(Reason::Tables);
    let sizes = SIZES.iter().filter(|(_, figure, limit)| figure(figures) >= *limit).map(|(reason, ..)| *reason);
    god.into_iter().chain(tables).chain(sizes).collect()
}

/// True when a class that reads any number of foreign attributes, and whose methods share nothing, would be listed.
/// What costs time to find out is looked for only then.
pub(super) fn may_be_listed(figures: &Figures) -> bool {
    figures.wmc >= GOD_WMC || !reasons(figures).is_empty()
}

#[cfg(test)]
mod tests {
    use super::{Figures, Reason, is_god_class, is_god_file, reasons};
    use crate::analyses::gods::Cohesion;

    fn god() -> Figures {
        Figures { wmc: 47, atfd: 6, tcc: Some(Cohesion { sharing: 1, pairs: 4 }), ..Figures::default() }
    }

    #[test]
    fn every_part_of_the_rule_is_needed() {
        assert!(is_god_class(&god()));
        assert!(!is_god_class(&Figures { wmc: 46, ..god() }));
        assert!(!is_god_class(&Figures { atfd: 5, ..god() }));
        assert!(!is_god_class(&Figures { tcc: Some(Cohesion { sharing: 1, pairs: 3 }), ..god() }), "a third is not below a third");
        assert!(!is_god_class(&Figures { tcc: None, ..god() }), "one method has no cohesion");
        assert_eq!(reasons(&god()), [Reason::GodClass]);
    }

    #[test]
    fn size_is_told_apart() {
        assert_eq!(reasons(&Figures { methods: 25, fields: 15, lines: 999, wmc: 49, public: 44, coupling: 12, ..Figures::default() }), []);
        let large = Figures { methods: 26, fields: 16, lines: 1000, wmc: 50, public: 45, coupling: 13, tables: 8, ..Figures::default() };
        let all = [Reason::Tables, Reason::Complexity, Reason::Length, Reason::Methods, Reason::Public, Reason::Fields, Reason::Coupling];
        assert_eq!(reasons(&large), all);
    }

    #[test]
    fn a_long_file_needs_a_reason_to_be_a_god() {
        let long = Figures { lines: 1000, wmc: 47, ..Figures::default() };
        assert!(!is_god_file(&long));
        assert!(is_god_file(&Figures { atfd: 6, ..long }));
        assert!(is_god_file(&Figures { tables: 8, ..long }));
        assert!(!is_god_file(&Figures { lines: 999, atfd: 6, tables: 8, ..long }));
        assert!(!is_god_file(&Figures { wmc: 46, atfd: 6, tables: 8, ..long }), "a list of settings is long and does nothing");
    }
}
