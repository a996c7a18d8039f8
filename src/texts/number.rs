//! Numbers for people.

use crate::model::lang::Lang;

/// A whole number in groups of three: `20,769` in English, `20.769` in Dutch.
pub fn grouped(lang: Lang, number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(lang.pick(',', '.'));
        }
        out.push(digit);
    }
    out
}

/// So many rows, with the word.
pub fn rows(lang: Lang, count: u64) -> String {
    if count == 1 { one_row(lang).to_owned() } else { many_rows(lang, &grouped(lang, count)) }
}

/// So many requests, with the word.
pub fn requests(lang: Lang, count: u64) -> String {
    if count == 1 { one_request(lang).to_owned() } else { many_requests(lang, &grouped(lang, count)) }
}

crate::texts! {
    one_row, "1 row", "1 rij";
    many_rows(count: &str), "{count} rows", "{count} rijen";
    one_request, "1 request", "1 verzoek";
    many_requests(count: &str), "{count} requests", "{count} verzoeken";
}

/// An amount of bytes in the unit that suits it: `1.4 MB`.
pub fn bytes(lang: Lang, bytes: u64) -> String {
    const UNITS: [&str; 4] = ["kB", "MB", "GB", "TB"];
    if bytes < 1000 {
        return format!("{bytes} B");
    }
    let (mut unit, mut tenths) = (0, bytes / 100);
    while tenths >= 10_000 && unit + 1 < UNITS.len() {
        tenths /= 1000;
        unit += 1;
    }
    match (tenths / 10, tenths % 10) {
        (whole, 0) => format!("{whole} {}", UNITS[unit]),
        (whole, tenth) => format!("{whole}{}{tenth} {}", lang.pick('.', ','), UNITS[unit]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_by_three() {
        for (number, shown) in [(0, "0"), (999, "999"), (1000, "1,000"), (20_769, "20,769"), (1_234_567, "1,234,567")] {
            assert_eq!(grouped(Lang::En, number), shown);
            assert_eq!(grouped(Lang::Nl, number), shown.replace(',', "."));
        }
    }

    #[test]
    fn one_is_singular() {
        assert_eq!((rows(Lang::En, 1).as_str(), rows(Lang::Nl, 2000).as_str()), ("1 row", "2.000 rijen"));
        assert_eq!((requests(Lang::Nl, 1).as_str(), requests(Lang::En, 0).as_str()), ("1 verzoek", "0 requests"));
    }

    #[test]
    fn bytes_take_the_unit_that_suits() {
        for (amount, shown) in [(999, "999 B"), (1000, "1 kB"), (1_449_000, "1.4 MB"), (96_000_000_000, "96 GB")] {
            assert_eq!(bytes(Lang::En, amount), shown);
        }
        assert_eq!(bytes(Lang::Nl, 1_449_000), "1,4 MB");
    }
}
