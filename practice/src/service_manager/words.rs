//! The words that work items are made of, and the enumerations of Service Manager.

/// Users: account and display name.
pub(super) const PEOPLE: &[(&str, &str)] = &[
    ("abel.t", "Abel Tuter"),
    ("beth.a", "Beth Anglin"),
    ("carlos.g", "Carlos García"),
    ("daphne.v", "Daphne de Vries"),
    ("emile.n", "Émile Novák"),
    ("fatima.h", "Fatima Haddad"),
    ("gijs.b", "Gijs Bakker"),
    ("hanna.l", "Hanna Lindqvist"),
    ("kaito.n", "Kaito Nakamura"),
    ("noor.j", "Noor Jansen"),
    ("piotr.k", "Piotr Kowalski"),
    ("wim.s", "Wim Smit"),
];

/// An enumeration's values: GUID and display name.
pub(super) type Enumeration = &'static [(&'static str, &'static str)];

/// `IncidentStatusEnum`. The last one is a customer's own.
pub(super) const INCIDENT_STATES: Enumeration = &[
    ("5e2d3932-ca6d-1515-7310-6f58584df73e", "Active"),
    ("b6679968-e84e-96fa-1fec-8cd4ab39c3de", "Pending"),
    ("2b8830b6-59f0-f574-9c2a-f4b4682f1681", "Resolved"),
    ("bd0ae7c4-3315-2eb3-7933-82dfc482dbaf", "Closed"),
    ("0d9c4f0e-6f0a-4d1c-9a3e-6a1f2b7c8d90", "Waiting for vendor"),
];

/// `ChangeStatusEnum`.
pub(super) const CHANGE_STATES: Enumeration = &[
    ("a87c003e-8c19-a25f-f8b2-151b56670e5c", "New"),
    ("6d6c64dd-07ac-aaf5-f812-6a7cceb5154d", "In Progress"),
    ("68277330-a0d3-cfdd-298d-d5c31d1d126f", "Completed"),
    ("f228d50b-2b5a-010f-b1a4-5c7d95703a9b", "Closed"),
    ("dd6b0870-bcea-1520-993d-9f1337e39d4d", "On Hold"),
];

/// `System.WorkItem.TroubleTicket.UrgencyEnum`.
pub(super) const URGENCIES: Enumeration = &[
    ("2f8f0747-b6cb-7996-f4af-ceaa2a2e2d1b", "High"),
    ("02625c30-08c6-4181-b2ed-222fa473280e", "Medium"),
    ("725a4cad-088c-4f55-a845-000db8872e01", "Low"),
];

/// `System.WorkItem.TroubleTicket.ImpactEnum`.
pub(super) const IMPACTS: Enumeration = &[
    ("d2b5e816-2d24-8e7d-be5d-11cb54b7b8e1", "High"),
    ("80cc222b-2653-2f69-8cee-3a7dd3b723c1", "Medium"),
    ("8f1a713e-53aa-9d8a-31b9-a9540074f305", "Low"),
];

/// `ChangePriorityEnum`.
pub(super) const CHANGE_PRIORITIES: Enumeration = &[
    ("5ad9e2a9-1b5c-4b0c-8d6e-0c5f0a6f2a11", "Immediate"),
    ("8c1f0d6a-3f38-4d2f-9c58-6f3f4c1d7b22", "High"),
    ("1f7b2f83-6f1e-4f0e-8a55-9d0f2b4e9c33", "Medium"),
    ("d55e65ea-dae9-f7fa-d1b0-843ed367c044", "Low"),
];

/// `IncidentClassificationEnum`.
pub(super) const CATEGORIES: Enumeration = &[
    ("f44b9c7c-5a3d-4f6e-a2b5-1c0f9e8d7a01", "Hardware Problems"),
    ("f44b9c7c-5a3d-4f6e-a2b5-1c0f9e8d7a02", "Networking Problems"),
    ("f44b9c7c-5a3d-4f6e-a2b5-1c0f9e8d7a03", "Software Problems"),
    ("f44b9c7c-5a3d-4f6e-a2b5-1c0f9e8d7a04", "E-Mail Problems"),
];

/// `IncidentSourceEnum`.
pub(super) const SOURCES: Enumeration = &[
    ("c3f9a1d0-8e2b-4c7d-9f10-2a3b4c5d6e01", "Console"),
    ("c3f9a1d0-8e2b-4c7d-9f10-2a3b4c5d6e02", "Portal"),
    ("c3f9a1d0-8e2b-4c7d-9f10-2a3b4c5d6e03", "E-Mail"),
    ("c3f9a1d0-8e2b-4c7d-9f10-2a3b4c5d6e04", "Operations Manager"),
];
