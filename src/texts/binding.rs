//! What a connection is bound to in a product that describes itself: in a line, and in full.

use super::connection;
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
pub fn short(lang: Lang, bound: &[(String, String)]) -> String {
    told(lang, bound, |group| match group.columns.len() {
        0 => String::new(),
        1 => format!(" ({})", one_column(lang)),
        count => format!(" ({})", columns(lang, count)),
    })
}

/// Every column by name.
pub fn in_full(lang: Lang, bound: &[(String, String)]) -> String {
    told(lang, bound, |group| {
        let named =
            |(ours, theirs): &(&str, &str)| format!("{} = {theirs}", connection::column(lang, ours).to_lowercase());
        let columns: Vec<_> = group.columns.iter().map(named).collect();
        if columns.is_empty() { String::new() } else { format!(": {}", columns.join(", ")) }
    })
}

fn told(lang: Lang, bound: &[(String, String)], columns: impl Fn(&Group<'_>) -> String) -> String {
    let (dates, groups) = sorted(bound);
    let group = |group: &Group<'_>| {
        let kind = super::step::kind(lang, group.kind).to_lowercase();
        let mut words = format!("{}{}", in_source(lang, &kind, &way(lang, group.source)), columns(group));
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

/// A route with the way its rows come, which the web app's partner tells in English.
fn way(lang: Lang, source: &str) -> String {
    let words = [("by last change", by_last_change(lang)), ("by spans of time", by_spans(lang))];
    let through = [("read through, at most", read_through(lang)), (" rows)", rows_end(lang))];
    words.into_iter().chain(through).fold(source.to_owned(), |text, (from, to)| text.replace(from, to))
}

crate::texts! {
    /// A kind of work item and the table or route it is in.
    in_source(kind: &str, source: &str), "{kind} in {source}", "{kind} in {source}";
    /// How dates are written.
    dates_as(culture: &str), "dates as {culture}", "datums als {culture}";
    /// So many columns.
    one_column, "1 column", "1 kolom";
    /// So many columns.
    columns(count: usize), "{count} columns", "{count} kolommen";
    /// Columns that are not there.
    lacks(names: &str), "without {names}", "zonder {names}";
    /// A way of coming.
    by_last_change, "by last change", "naar laatste wijziging";
    /// A way of coming.
    by_spans, "by spans of time", "per tijdspanne";
    /// A way of coming.
    read_through, "read through, at most", "geheel doorgelezen, hoogstens";
    /// The end of a way of coming.
    rows_end, " rows)", " rijen)";
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
            short(Lang::En, &bound),
            "incidents in prov_incident (2 columns); change requests in prov_change (1 column)"
        );
        assert_eq!(
            in_full(Lang::Nl, &bound),
            "incidenten in prov_incident: id = prov_incidentid, bijgewerkt = modifiedon; \
             wijzigingsaanvragen in prov_change: id = prov_changeid"
        );
    }

    #[test]
    fn dates_and_what_is_lacking_are_always_told() {
        let bound = pairs(&[("dates", "nl-NL, UTC"), ("incident", "Incident"), ("Incident.ClosedBy", "-")]);
        assert_eq!(short(Lang::Nl, &bound), "datums als nl-NL, UTC; incidenten in Incident, zonder ClosedBy");
        assert_eq!(short(Lang::En, &bound), in_full(Lang::En, &bound));
    }

    #[test]
    fn the_way_of_a_route_is_translated() {
        let bound = pairs(&[("incident", "GET /api/Incidents (modifiedSince, by last change)")]);
        assert!(short(Lang::Nl, &bound).ends_with("(modifiedSince, naar laatste wijziging)"));
        let through = pairs(&[("incident", "GET /api/Incidents (read through, at most 20000 rows)")]);
        assert!(short(Lang::Nl, &through).ends_with("(geheel doorgelezen, hoogstens 20000 rijen)"));
    }
}
