//! Alerts that come by themselves, for a demo: seeded, so that each start has the same ones.

use std::collections::BTreeMap;

use super::{AlertOrder, Service};
use crate::core::estate::MACHINES;
use crate::core::rng::Rng;

/// At speed 1 something happens every so many seconds.
const EVERY: f64 = 120.0;

/// Alerts that have already come when the demo begins.
const BEFORE: i64 = 40;

const DAY: i64 = 86_400;

/// What may happen: rule, service, severity and description.
const RULES: [(&str, Service, u8, &str); 7] = [
    ("High CPU", Service::Platform, 2, "CPU above 90% for 5 minutes"),
    ("Disk almost full", Service::LogAlertsV2, 1, "Less than 5% left on a disk"),
    ("No heartbeat", Service::LogAlertsV2, 0, "The machine has sent no heartbeat for 10 minutes"),
    ("Memory pressure", Service::Platform, 3, "Less than 200 MB of memory available"),
    ("Machine restarted", Service::Administrative, 4, "A virtual machine was restarted"),
    ("Machine unavailable", Service::ResourceHealth, 4, "The machine is unavailable"),
    ("Web test failed", Service::Platform, 1, "The web shop does not answer from 3 locations"),
];

/// Something that happens.
pub(in crate::azure) enum Happening {
    /// An alert fires.
    Fire(AlertOrder),
    /// The nth of the alerts that are fired is resolved.
    Resolve(u64),
}

/// What comes by itself.
pub(in crate::azure) struct Trickle {
    speed: f64,
    owed: f64,
    rng: Rng,
}

impl Default for Trickle {
    fn default() -> Self {
        Self::new(0.0)
    }
}

impl Trickle {
    /// At this speed; 0 lets nothing happen.
    pub(in crate::azure) fn new(speed: f64) -> Self {
        Self { speed, owed: 0.0, rng: Rng::new(0x0061_6c65_7274) }
    }

    /// What had happened before: alerts of the last three weeks.
    pub(in crate::azure) fn before(&mut self) -> Vec<AlertOrder> {
        let count = if self.speed > 0.0 { BEFORE } else { 0 };
        (0..count)
            .map(|nth| AlertOrder { ago: 600 + nth * nth * 21 * DAY / (BEFORE * BEFORE), ..self.order() })
            .rev()
            .collect()
    }

    /// What happens in so many seconds.
    pub(in crate::azure) fn pass(&mut self, seconds: f64) -> Vec<Happening> {
        self.owed += seconds * self.speed / EVERY;
        let mut happened = Vec::new();
        while self.owed >= 1.0 && happened.len() < 100 {
            self.owed -= 1.0;
            let resolves = self.rng.percent(45);
            happened.push(if resolves { Happening::Resolve(self.rng.next()) } else { Happening::Fire(self.order()) });
        }
        happened
    }

    fn order(&mut self) -> AlertOrder {
        let (rule, service, severity, description) = *self.rng.pick(&RULES);
        let machine = self.rng.pick(&MACHINES).name;
        let named = service == Service::LogAlertsV2;
        let dimensions = named.then(|| ("Computer".to_owned(), machine.to_owned()));
        AlertOrder {
            rule: rule.into(),
            target: machine.into(),
            severity: Some(severity),
            service,
            description: description.into(),
            dimensions: dimensions.into_iter().collect::<BTreeMap<_, _>>(),
            action_groups: vec![if self.rng.percent(70) { "ops-itsm" } else { "mail-only" }.into()],
            suppressed: self.rng.percent(5),
            ..AlertOrder::default()
        }
    }
}
