//! What a connection is bound to in a product that describes itself: in a line, and in full.

use super::{connection, number};
use crate::model::check::ReadWay;
use crate::model::lang::Lang;
use crate::model::work_item::WorkItemKind;

/// What stands in the place of a column that the product lacks.
const LACKING: &str = "-";

/// A table or route of the product, with the columns that were found in it.
struct Group<'a> {
    kind: WorkItemKind,
    source: &'a str,
    /// Our column and the product's.
    columns: Vec<(&'a str, &'a str)>,
    lacking: Vec<&'a str>,
}

/// In a line: tables and routes by name, columns by their number, and what is lacking.
pub fn short(lang: Lang, bound: &[(String, String)], ways: &[(WorkItemKind, ReadWay)]) -> String {
    told(lang, bound, ways, |group| match group.columns.len() {
        0 => String::new(),
        1 => format!(" ({})", one_column(lang)),
        count => format!(" ({})", columns(lang, count)),
    })
}

/// Every column by name.
pub fn in_full(lang: Lang, bound: &[(String, String)], ways: &[(WorkItemKind, ReadWay)]) -> String {
    told(lang, bound, ways, |group| {
        let named =
            |(ours, theirs): &(&str, &str)| format!("{} = {theirs}", connection::column(lang, ours).to_lowercase());
        let columns: Vec<_> = group.columns.iter().map(named).collect();
        if columns.is_empty() { String::new() } else { format!(": {}", columns.join(", ")) }
    })
}

fn told(
    lang: Lang,
    bound: &[(String, String)],
    ways: &[(WorkItemKind, ReadWay)],
    columns: impl Fn(&Group<'_>) -> String,
) -> String {
    let (dates, groups) = sorted(bound);
    let group = |group: &Group<'_>| {
        let kind = super::step::kind(lang, group.kind).to_lowercase();
        let mut words = format!("{}{}", in_source(lang, &kind, &source(lang, group, ways)), columns(group));
        if !group.lacking.is_empty() {
            words += &format!(", {}", lacks(lang, &group.lacking.join(", ")));
        }
        words
    };
    let dates = dates.map(|dates| dates_as(lang, dates));
    dates.into_iter().chain(groups.iter().map(group)).collect::<Vec<_>>().join("; ")
}

fn sorted(bound: &[(String, String)]) -> (Option<&str>, Vec<Group<'_>>) {
    let mut dates = None;
    let mut groups: Vec<Group<'_>> = Vec::new();
    for (what, to) in bound {
        let column = what.rsplit_once('.').map_or(what.as_str(), |(_, column)| column);
        match (WorkItemKind::from_id(what), groups.last_mut()) {
            (Some(kind), _) => groups.push(Group { kind, source: to, columns: Vec::new(), lacking: Vec::new() }),
            (None, Some(group)) if to == LACKING => group.lacking.push(column),
            (None, Some(group)) => group.columns.push((column, to)),
            (None, None) => dates = Some(to.as_str()),
        }
    }
    (dates, groups)
}

/// A table or route, with the way its rows are read where there are several.
fn source(lang: Lang, group: &Group<'_>, ways: &[(WorkItemKind, ReadWay)]) -> String {
    let way = ways.iter().find(|(kind, _)| *kind == group.kind).map(|(_, way)| way_of(lang, way));
    way.map_or_else(|| group.source.to_owned(), |way| format!("{} ({way})", group.source))
}

fn way_of(lang: Lang, way: &ReadWay) -> String {
    let (by, way) = match way {
        ReadWay::LastChange { by } => (by, by_last_change(lang).to_owned()),
        ReadWay::Spans { by } => (by, by_spans(lang).to_owned()),
        ReadWay::Since { by } => (by, by_since(lang).to_owned()),
        ReadWay::Through { by, most } => (by, read_through(lang, &number::grouped(lang, *most))),
    };
    by.iter().cloned().chain([way]).collect::<Vec<_>>().join(", ")
}

crate::texts! {
    in_source(kind: &str, source: &str), "{kind} in {source}", "{kind} in {source}";
    dates_as(culture: &str), "dates as {culture}", "datums als {culture}";
    one_column, "1 column", "1 kolom";
    columns(count: usize), "{count} columns", "{count} kolommen";
    lacks(names: &str), "without {names}", "zonder {names}";
    by_last_change, "read by last change", "gelezen op laatste wijziging";
    by_spans, "read by time span", "gelezen per tijdvak";
    by_since, "read since the last change, sorted here", "gelezen vanaf de laatste wijziging, hier gesorteerd";
    read_through(most: &str), "read in full, at most {most} rows", "volledig gelezen, hoogstens {most} rijen";
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(what, to)| ((*what).to_owned(), (*to).to_owned())).collect()
    }

    #[test]
    fn tables_are_named_and_columns_counted() {
        let bound = pairs(&[
            ("incident", "prov_incident"),
            ("incident.id", "prov_incidentid"),
            ("incident.updated_at", "modifiedon"),
            ("change_request", "prov_change"),
            ("change_request.id", "prov_changeid"),
        ]);
        assert_eq!(
            short(Lang::En, &bound, &[]),
            "incidents in prov_incident (2 columns); change requests in prov_change (1 column)"
        );
        assert_eq!(
            in_full(Lang::Nl, &bound, &[]),
            "incidenten in prov_incident: id = prov_incidentid, bijgewerkt = modifiedon; \
             wijzigingsaanvragen in prov_change: id = prov_changeid"
        );
    }

    #[test]
    fn dates_and_what_is_lacking_are_always_told() {
        let bound = pairs(&[("dates", "nl-NL, UTC"), ("incident", "Incident"), ("Incident.ClosedBy", "-")]);
        assert_eq!(short(Lang::Nl, &bound, &[]), "datums als nl-NL, UTC; incidenten in Incident, zonder ClosedBy");
        assert_eq!(short(Lang::En, &bound, &[]), in_full(Lang::En, &bound, &[]));
    }
}
