//! A row of small columns.

const STEPS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// One column a value, the last `room` of them, the highest value full height; all zero is a flat line.
pub fn sparkline(values: &[u64], room: usize) -> String {
    let shown = &values[values.len().saturating_sub(room)..];
    let most = shown.iter().copied().max().unwrap_or(0).max(1);
    shown.iter().map(|value| STEPS[step(*value, most)]).collect()
}

fn step(value: u64, most: u64) -> usize {
    let top = STEPS.len() as u64 - 1;
    let step = (u128::from(value) * u128::from(top)).div_ceil(u128::from(most));
    usize::try_from(step).unwrap_or(0).min(STEPS.len() - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_values_are_shown_and_none_but_zero_is_flat() {
        assert_eq!(sparkline(&[9, 0, 1, 50, 100], 4), "▁▂▅█");
        assert_eq!(sparkline(&[0, 0], 8), "▁▁");
        assert_eq!(sparkline(&[u64::MAX, 1], 8), "█▂");
        assert_eq!(sparkline(&[], 8), "");
    }
}
