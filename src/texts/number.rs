//! Numbers for people.

use crate::model::lang::Lang;

/// A whole number in groups of three, parted by spaces that do not break: `20 769`.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3 * 2);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push('\u{a0}');
        }
        out.push(digit);
    }
    out
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
        for (number, shown) in [(0, "0"), (999, "999"), (1000, "1 000"), (20_769, "20 769"), (1_234_567, "1 234 567")] {
            assert_eq!(grouped(number).replace('\u{a0}', " "), shown);
        }
    }

    #[test]
    fn bytes_take_the_unit_that_suits() {
        for (amount, shown) in [(999, "999 B"), (1000, "1 kB"), (1_449_000, "1.4 MB"), (96_000_000_000, "96 GB")] {
            assert_eq!(bytes(Lang::En, amount), shown);
        }
        assert_eq!(bytes(Lang::Nl, 1_449_000), "1,4 MB");
    }
}
