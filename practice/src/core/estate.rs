//! The machines that practice Azure and the products' configuration management databases both know.

use super::rng::stable_guid;

/// A virtual machine in the first subscription of practice Azure.
pub(crate) struct Machine {
    /// Its name in Azure, and that of its configuration item.
    pub(crate) name: &'static str,
    /// Its resource group.
    pub(crate) group: &'static str,
    /// Whether Windows runs on it; otherwise Linux.
    pub(crate) windows: bool,
    /// Its address.
    pub(crate) ip: &'static str,
}

const fn machine(name: &'static str, group: &'static str, windows: bool, ip: &'static str) -> Machine {
    Machine { name, group, windows, ip }
}

/// The machines.
pub(crate) const MACHINES: [Machine; 5] = [
    machine("web-prd-01", "monitoring", false, "10.20.0.11"),
    machine("web-prd-02", "monitoring", false, "10.20.0.12"),
    machine("sql-prd-07", "monitoring", true, "10.20.0.27"),
    machine("ad-dc-1", "network", true, "10.20.1.4"),
    machine("print-srv-2", "network", true, "10.20.1.42"),
];

/// The name of the first subscription, in which the machines are.
pub(crate) const SUBSCRIPTION: &str = "Contoso Production";

impl Machine {
    /// Its full name in DNS.
    pub(crate) fn fqdn(&self) -> String {
        format!("{}.contoso.practice.example", self.name)
    }

    /// Its id in Azure.
    pub(crate) fn arm_id(&self) -> String {
        let subscription = stable_guid("azure subscription", SUBSCRIPTION);
        format!(
            "/subscriptions/{subscription}/resourceGroups/{}/providers/Microsoft.Compute/virtualMachines/{}",
            self.group, self.name
        )
    }
}
