//! Users and customers of the environment.

/// Users; the first two are the integration user and the application user.
pub(crate) const USERS: [&str; 16] = [
    "Integration Azure",
    "# itsmc",
    "Ines Duarte",
    "Joost van den Berg",
    "Aïcha Benali",
    "Sören Lindqvist",
    "Mei Tanaka",
    "Priya Raman",
    "Tomasz Nowak",
    "Chloé Martin",
    "Ruud Jansen",
    "Yusuf Demir",
    "Hannah Weiß",
    "Luca Ferri",
    "Olga Petrova",
    "SYSTEM",
];

/// Customers.
pub(crate) const ACCOUNTS: [&str; 8] = [
    "Contoso Retail",
    "Fabrikam Logistics",
    "Northwind Hospital",
    "Adventure Works",
    "Tailspin Toys",
    "Wide World Importers",
    "Gemeente Zuidwijk",
    "Café Exposé",
];

/// The place of the integration user.
pub(crate) const INTEGRATION: usize = 0;
/// The place of the application user.
pub(crate) const APPLICATION: usize = 1;
