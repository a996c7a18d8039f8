//! The binding stored when the connection was added, and how the current description differs from it.

use super::{Described, Found, Lack, ORDER, best_table, choose, describe, named, ready};
use crate::model::fault::Fault;
use crate::model::mapping::Drift;
use crate::model::partner::{Column, WorkItemSpec};

impl Described<'_> {
    /// Uses the stored binding. A column that is gone is left out without a substitute, so that stored values stay.
    pub(super) async fn of_kept(
        &self,
        wanted: &WorkItemSpec,
        kept: &WorkItemSpec,
    ) -> Result<(Found, Vec<Drift>), Fault> {
        let kind = kept.kind;
        let best = best_table(kind, self.tables, self.prefixes).ok().map(|table| table.name.clone());
        let other = best.filter(|best| *best != kept.source);
        let Some(table) = self.tables.iter().find(|table| table.name == kept.source) else {
            let drift = Drift { kind, to: None, kept: kept.source.clone(), now: other, gone: true };
            return Ok((Err(vec![Lack::Missing(format!("{}: {}", kind.id(), kept.source))]), vec![drift]));
        };
        let to_other = |now: String| Drift { kind, to: None, kept: kept.source.clone(), now: Some(now), gone: false };
        let mut drift: Vec<Drift> = other.map(to_other).into_iter().collect();
        let attributes = describe::attributes(self.partner, &table.name).await?;
        let now = choose::columns(wanted, table, &attributes, self.prefixes).columns;
        let (mut gone, mut lacks) = (Vec::new(), Vec::new());
        for column in &kept.columns {
            let is_gone = named(&attributes, &column.from).is_none();
            drift.extend(of_column(kept, column, &now, is_gone));
            match is_gone {
                true if ORDER.contains(&column.to.as_str()) => {
                    lacks.push(Lack::Missing(format!("{}.{}: {}", kind.id(), column.to, column.from)));
                }
                true => gone.push(column.to.clone()),
                false => {}
            }
        }
        if lacks.is_empty() {
            return Ok((ready(kept.clone(), table, &attributes, gone), drift));
        }
        Ok((Err(lacks), drift))
    }
}

fn of_column(kept: &WorkItemSpec, column: &Column, now: &[Column], gone: bool) -> Option<Drift> {
    let other = now.iter().find(|other| other.to == column.to && other.from != column.from);
    // A column that fills another attribute already is no better name for this one.
    let other = other.filter(|other| !kept.columns.iter().any(|known| known.from == other.from));
    if other.is_none() && !gone {
        return None;
    }
    let (to, was) = (Some(column.to.clone()), column.from.clone());
    Some(Drift { kind: kept.kind, to, kept: was, now: other.map(|other| other.from.clone()), gone })
}
