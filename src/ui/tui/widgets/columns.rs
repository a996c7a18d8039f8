//! A chart of columns: one value a column, several lines high.

const EIGHTHS: [char; 9] = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// The lines of the chart, the highest first: each value `width` cells wide with `gap` cells behind it, `most` at full
/// height; any value above zero shows.
pub fn columns(values: &[u64], most: u64, height: usize, (width, gap): (usize, usize)) -> Vec<String> {
    let eighths: Vec<_> = values.iter().map(|value| eighths(*value, most, height)).collect();
    let line = |row: usize| {
        let below = 8 * (height - 1 - row);
        let cell = |eighths: &usize| EIGHTHS[eighths.saturating_sub(below).min(8)];
        let column = |eighths: &usize| format!("{}{}", cell(eighths).to_string().repeat(width), " ".repeat(gap));
        eighths.iter().map(column).collect()
    };
    (0..height).map(line).collect()
}

fn eighths(value: u64, most: u64, height: usize) -> usize {
    let whole = 8 * height;
    if value == 0 || most == 0 {
        return 0;
    }
    let share = u128::from(value.min(most)) * whole as u128 / u128::from(most);
    usize::try_from(share).unwrap_or(whole).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_has_full_height_and_none_but_zero_is_invisible() {
        assert_eq!(columns(&[0, 1, 4, 8], 8, 2, (1, 0)), ["   █", " ▂██"]);
        assert_eq!(columns(&[1, 1000], 1000, 2, (2, 1)), ["   ██ ", "▁▁ ██ "]);
        assert_eq!(columns(&[0, 0], 0, 1, (1, 0)), ["  "]);
        assert_eq!(columns(&[u64::MAX], u64::MAX, 1, (1, 0)), ["█"]);
        assert_eq!(columns(&[5], 5, 0, (1, 0)), Vec::<String>::new());
    }
}
