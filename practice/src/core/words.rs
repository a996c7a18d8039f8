//! The words that made-up rows are made of.

/// What something happens to.
pub(crate) const THINGS: &[&str] = &[
    "VPN",
    "Outlook",
    "Printer on floor 3",
    "SAP login",
    "Laptop docking station",
    "Shared mailbox",
    "Wi-Fi",
    "Payroll portal",
    "Citrix session",
    "Badge reader",
    "Teams call",
    "SQL cluster PRD-07",
    "Backup job",
    "Intranet",
    "Label printer WH-2",
    "Order export",
    "Timesheet app",
    "File share P:",
    "MFA prompt",
    "Web shop checkout",
    "Exchange node EX-04",
    "Conference room display",
    "Thin client",
    "Firewall rule",
    "Certificate of api gateway",
    "Café kiosk",
    "Drucker Empfang Zürich",
    "Scanner São Paulo",
    "Patient list viewer",
    "Load balancer LB-2",
];

/// What happens to it.
pub(crate) const TROUBLES: &[&str] = &[
    "not responding",
    "very slow since this morning",
    "asks for the password again and again",
    "shows error 0x80070005",
    "disconnects every few minutes",
    "cannot be reached",
    "crashes on start",
    "lost settings after the update",
    "returns empty results",
    "out of paper tray message stuck",
    "queue keeps growing",
    "disk usage above 95%",
    "access request",
    "license expired",
    "freezes when saving",
    "missing for new starter",
    "wrong language",
    "certificate about to expire",
    "needs a restart",
    "no sound 🔇",
];

/// Where it happens.
pub(crate) const PLACES: &[&str] = &[
    "Amsterdam",
    "Utrecht",
    "Rotterdam",
    "Köln",
    "Zürich",
    "Leeds",
    "Łódź",
    "Lyon",
    "Porto",
    "Oslo",
    "warehouse 2",
    "head office",
    "home office",
    "plant 4",
];

/// Titles that are rare and hard to show.
pub(crate) const RARE: &[&str] = &[
    "Mail from 東京 office shows □□□ instead of text",
    "Customer name «Šťastný & Søn» breaks the invoice <b>preview</b>",
    "طابعة المكتب لا تعمل",
    "🚨 Production down 🚨 – order intake 100% failing",
    "User's \"quick fix\" macro C:\\temp\\fix.xlsm blocked",
    "👩‍💻 Remote worker: e\u{301}cran noir",
];

/// First names.
pub(crate) const FIRST: &[&str] = &[
    "Abel", "Beth", "Carlos", "Daphne", "Émile", "Fatima", "Gijs", "Hanna", "Igor", "Jasmijn", "Kaito", "Lucía",
    "Mats", "Noor", "Olga", "Piotr", "Rosa", "Sven", "Tuğba", "Wim",
];

/// Last names.
pub(crate) const LAST: &[&str] = &[
    "Tuter",
    "Anglin",
    "de Vries",
    "Jansen",
    "O'Brien",
    "Müller",
    "Kowalski",
    "García",
    "Nakamura",
    "Bakker",
    "Smit",
    "Haddad",
    "Lindqvist",
    "Ferrari",
    "Novák",
    "van den Berg",
];

/// Assignment groups.
pub(crate) const GROUPS: &[&str] = &[
    "Service Desk",
    "Network",
    "Database",
    "Hardware",
    "Software",
    "Workplace EMEA",
    "Identity & Access",
    "SAP Basis",
    "Cloud Platform",
    "Field Services",
    "Problem Solving",
    "Change Management",
];

/// Configuration items.
pub(crate) const ITEMS: &[&str] = &[
    "web-prd-01",
    "web-prd-02",
    "sql-prd-07",
    "lb-2",
    "ex-04",
    "vpn-gw-1",
    "SAP ERP",
    "Intranet",
    "fw-edge-3",
    "nas-11",
    "esx-21",
    "esx-22",
    "print-srv-2",
    "ad-dc-1",
];

/// What is changed.
pub(crate) const WORKS: &[&str] = &[
    "Patch",
    "Reboot",
    "Upgrade firmware of",
    "Replace disk in",
    "Migrate",
    "Renew certificate of",
    "Open port on",
    "Add memory to",
    "Decommission",
    "Fail over",
];
