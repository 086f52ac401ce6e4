//! Calendar dates as documents carry them.

pub use jiff::civil::Date;

/// Reads an ISO 8601 calendar date, `YYYY-MM-DD`, and nothing looser.
pub fn parse(text: &str) -> Option<Date> {
    (text.len() == 10).then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_full_iso_dates_are_read() {
        assert_eq!(parse("1974-08-12"), Some(Date::constant(1974, 8, 12)));
        for bad in ["1974-8-12", "12.08.1974", "1974-13-01", "", "1974-08-12T00:00:00Z"] {
            assert_eq!(parse(bad), None, "{bad}");
        }
    }
}
