//! The steps of the wizard, as data.

/// A step of the wizard, in the order of the rail.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum WizardStep {
    /// Which product.
    #[default]
    Partner,
    /// What must be so before a connection can work.
    Prerequisites,
    /// The form.
    Details,
    /// The live test.
    Test,
    /// What the product's own set-up lacks.
    Checklist,
    /// Everything once more, before it is saved.
    Review,
    /// The first sync.
    FirstSync,
}

impl WizardStep {
    /// Every step, in order.
    pub const RAIL: [Self; 7] =
        [Self::Partner, Self::Prerequisites, Self::Details, Self::Test, Self::Checklist, Self::Review, Self::FirstSync];

    /// The id in a draft.
    pub fn id(self) -> &'static str {
        match self {
            Self::Partner => "partner",
            Self::Prerequisites => "prerequisites",
            Self::Details => "details",
            Self::Test => "test",
            Self::Checklist => "checklist",
            Self::Review => "review",
            Self::FirstSync => "first_sync",
        }
    }

    /// The step with this [`id`](Self::id).
    pub fn from_id(id: &str) -> Option<Self> {
        Self::RAIL.into_iter().find(|step| step.id() == id)
    }

    /// Its number on the rail, from 1.
    pub fn number(self) -> usize {
        Self::RAIL.iter().take_while(|step| **step < self).count() + 1
    }

    /// The step after it.
    pub fn next(self) -> Option<Self> {
        Self::RAIL.into_iter().find(|step| *step > self)
    }

    /// The step before it.
    pub fn previous(self) -> Option<Self> {
        Self::RAIL.into_iter().rfind(|step| *step < self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rail_leads_from_the_first_to_the_last_and_back() {
        let forth: Vec<_> = std::iter::successors(Some(WizardStep::Partner), |step| step.next()).collect();
        let back: Vec<_> = std::iter::successors(Some(WizardStep::FirstSync), |step| step.previous()).collect();
        assert_eq!(forth, WizardStep::RAIL);
        assert!(forth.iter().eq(back.iter().rev()));
        assert_eq!((WizardStep::Partner.number(), WizardStep::FirstSync.number()), (1, 7));
    }

    #[test]
    fn ids_lead_back_to_their_step() {
        for step in WizardStep::RAIL {
            assert_eq!(WizardStep::from_id(step.id()), Some(step));
        }
        assert_eq!(WizardStep::from_id("checks"), None);
    }
}
