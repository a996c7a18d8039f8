//! Notices about a product: closed to new customers since, end of support.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::time;
use crate::model::lang::Lang;
use crate::model::partner::PartnerSpec;

/// Everything that an admin should know of the product beforehand, in whole sentences.
pub fn notices(lang: Lang, spec: &PartnerSpec, now: Timestamp) -> Vec<String> {
    let closed = spec.closed_to_new_customers.map(|since| closed(lang, &spec.name, &date(lang, since)));
    closed.into_iter().chain(support_notice(lang, spec, now)).collect()
}

/// When the product's support ends and what to do before, in whole sentences; `None` where no end is known.
pub fn support_notice(lang: Lang, spec: &PartnerSpec, now: Timestamp) -> Option<String> {
    let (end, name) = (spec.support_ends?, spec.name.as_str());
    let date = date(lang, end);
    let support = if is_over(end, now) { support_ended(lang, name, &date) } else { support_ends(lang, name, &date) };
    Some(format!("{support} {}", export(lang)))
}

/// The same in the fewest words.
pub fn support_date(lang: Lang, spec: &PartnerSpec, now: Timestamp) -> Option<String> {
    let end = spec.support_ends?;
    let date = date(lang, end);
    Some(if is_over(end, now) { support_date_over(lang, &date) } else { support_date_ahead(lang, &date) })
}

/// The end of the product's support in one line, with the days left; `None` where no end is known.
pub fn support(lang: Lang, spec: &PartnerSpec, now: Timestamp) -> Option<String> {
    let end = spec.support_ends?;
    let days = time::days(lang, days_left(end, now));
    Some(match is_over(end, now) {
        true => support_over_short(lang, &date(lang, end)),
        false => support_short(lang, &days, &date(lang, end)),
    })
}

fn is_over(end: Date, now: Timestamp) -> bool {
    now.to_zoned(TimeZone::UTC).date() > end
}

fn days_left(end: Date, now: Timestamp) -> u64 {
    let days = now.to_zoned(TimeZone::UTC).date().until(end).map_or(0, |span| span.get_days());
    u64::try_from(days).unwrap_or(0)
}

fn date(lang: Lang, date: Date) -> String {
    time::civil(lang, date)
}

crate::texts! {
    closed(name: &str, since: &str), "Microsoft's old connector has taken only existing {name} connections since {since}; itsmc takes new ones too.", "De oude connector van Microsoft neemt sinds {since} alleen bestaande {name}-verbindingen aan; itsmc ook nieuwe.";
    support_ends(name: &str, end: &str), "Support for {name} ends on {end}.", "De ondersteuning van {name} eindigt op {end}.";
    support_ended(name: &str, end: &str), "Support for {name} ended on {end}.", "De ondersteuning van {name} eindigde op {end}.";
    export, "Export your data before then: 'itsmc items NAME --csv' writes every stored work item.", "Exporteer uw gegevens voor die tijd: 'itsmc items NAAM --csv' schrijft elk opgeslagen werkitem.";
    support_short(days: &str, end: &str), "Support ends in {days} ({end}); export: itsmc items --csv", "Ondersteuning eindigt over {days} ({end}); exporteer: itsmc items --csv";
    export_short, "export: itsmc items --csv", "exporteer: itsmc items --csv";
    support_date_ahead(end: &str), "Support ends {end}", "Ondersteuning eindigt {end}";
    support_date_over(end: &str), "Unsupported since {end}", "Niet ondersteund sinds {end}";
    support_over_short(end: &str), "Support ended on {end}; export: itsmc items --csv", "Ondersteuning eindigde op {end}; exporteer: itsmc items --csv";
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spec(support_ends: Option<&str>, closed: Option<&str>) -> PartnerSpec {
        let date = |text: &str| text.parse().unwrap();
        let catalogue = crate::model::partner::Catalogue::built_in().unwrap();
        let spec = catalogue.all()[0].clone();
        PartnerSpec { support_ends: support_ends.map(date), closed_to_new_customers: closed.map(date), ..spec }
    }

    #[test]
    fn a_support_end_counts_down_and_is_over_on_the_day_after() {
        let spec = spec(Some("2026-12-31"), None);
        let at = |text: &str| support(Lang::En, &spec, text.parse().unwrap()).unwrap();
        assert_eq!(at("2026-11-23T12:00:00Z"), "Support ends in 38 days (31 Dec 2026); export: itsmc items --csv");
        assert!(at("2026-12-31T23:00:00Z").starts_with("Support ends in 0 days"));
        assert!(at("2027-01-01T00:00:00Z").starts_with("Support ended on 31 Dec 2026"));
    }

    #[test]
    fn a_product_without_dates_has_no_notices() {
        let now = "2026-11-23T12:00:00Z".parse().unwrap();
        assert_eq!(notices(Lang::Nl, &spec(None, None), now), Vec::<String>::new());
        assert_eq!(notices(Lang::Nl, &spec(Some("2026-12-31"), Some("2020-10-01")), now).len(), 2);
    }
}
